/** What is searched for; kept while other views are looked at. */
export class SearchWords {
  query = $state("");
  replacement = $state("");
  include = $state("");
  exclude = $state("");
  regex = $state(false);
  matchCase = $state(false);
  wholeWord = $state(false);
  replacing = $state(false);
  filtering = $state(false);
  /** Grows whenever the input should get the focus. */
  focus = $state(0);
}
