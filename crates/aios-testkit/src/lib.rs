//! Test support: scripted model servers, in-memory ports, fake clock, run transcripts.
