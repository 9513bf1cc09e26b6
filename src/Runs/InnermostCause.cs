namespace Involute.Runs;

/// <summary>The exception that all others were thrown around.</summary>
internal static class InnermostCause
{
    /// <summary>
    /// Follows inner exceptions to the end. <see cref="Exception.GetBaseException"/> of an <see cref="AggregateException"/>
    /// stops at the first exception that is none.
    /// </summary>
    public static Exception Innermost(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.InnerException is { } inner ? inner.Innermost() : exception;
    }
}
