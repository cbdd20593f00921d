"""The part of speech of each word, where its neighbours decide it; see `labeling.speech.context`."""
