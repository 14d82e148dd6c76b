//! What the program adds to a turn, and whether that stays the same over hundreds of them.

use std::time::Duration;

use crate::bare;
use crate::product::Aios;
use crate::report::{Report, Samples};
use crate::sandbox;
use crate::scripts::{self, BUILD, Work};

const BUILDS: usize = 15;
const LONG: usize = 500;
/// Turns at each end of a long run that are compared.
const END: usize = 50;

pub(crate) fn measure(aios: &Aios, report: &mut Report) {
    let [mut files, mut first, mut commands, mut empty] = [const { Samples::new() }; 4];
    let [mut whole, mut bare_whole, mut bare_turn] = [const { Samples::new() }; 3];
    let sandbox = sandbox::Sandbox::open(aios.program());
    for _ in 0..BUILDS {
        let played = aios.play("backend", scripts::build());
        let bare = bare::replay(&played.requests, scripts::build());
        whole.add(played.took);
        bare_whole.add(bare.took);
        for (work, own) in BUILD.iter().zip(played.own_times()) {
            let samples = match work {
                Work::File => &mut files,
                Work::FirstCommand => &mut first,
                Work::Command => &mut commands,
            };
            samples.add(own);
        }
        bare.own_times.iter().for_each(|own| bare_turn.add(*own));
        (0..BUILD.len()).for_each(|_| empty.add(sandbox.run_nothing()));
    }
    report.row("own time per turn with a file tool", "5 ms", files, bare_turn);
    let target = format!("{:.2} ms (empty command) + 5 ms", empty.median());
    let bare = format!("empty command, {}: {empty}", sandbox.kind());
    report.row("own time per turn with a command", &target, commands, bare);
    report.row("the first command, which tries the sandbox out", "–", first, "–");
    report.row("build of 10 turns: 5 writes, 3 commands, 1 read", "350 ms", whole, bare_whole);

    let played = aios.play("backend", scripts::long(LONG));
    let bare = bare::replay(&played.requests, scripts::long(LONG));
    let (own, bare) = (played.own_times(), bare.own_times);
    let samples = |times: &[Duration]| times.iter().copied().collect::<Samples>();
    let ends = [("first", 0..END), ("last", own.len() - END..own.len())];
    for (which, turns) in ends {
        let what = format!("turn with a file tool, the {which} {END} of {LONG}");
        report.row(&what, "the same", samples(&own[turns.clone()]), samples(&bare[turns]));
    }
}
