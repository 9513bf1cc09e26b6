namespace Involute.Processes;

/// <summary>
/// The program behind a problem failed: it cannot be started, ended, gave no answer in time, or answered what the protocol does
/// not allow. The message is one line that names the command, what happened, and where.
/// </summary>
public sealed class ProcessException(string message) : IOException(message);
