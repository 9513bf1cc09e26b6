namespace Involute.Runs.Stores;

/// <summary>
/// The store does not answer, or refuses the connection: exit code 69. The message is one line without secrets.
/// </summary>
public sealed class StoreUnreachableException(string message, Exception? cause = null)
    : IOException(message, cause);
