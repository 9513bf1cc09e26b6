namespace Involute.Runs.Stores;

/// <summary>A store did something else than it was asked, without an error of its own.</summary>
/// <param name="kind">What can be done about it.</param>
/// <param name="message">One line.</param>
internal sealed class StoreFaultException(StoreFaultKind kind, string message) : Exception(message)
{
    /// <summary>What can be done about it.</summary>
    public StoreFaultKind Kind => kind;
}
