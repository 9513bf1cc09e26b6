namespace Involute.Runs.Folders;

/// <summary>There is something of a new run's name already: perhaps a run that was begun at the same moment.</summary>
/// <param name="path">The folder that the run would have.</param>
public sealed class RunNameTakenException(string path)
    : IOException($"{path} already exists: resume that run, or choose another name");
