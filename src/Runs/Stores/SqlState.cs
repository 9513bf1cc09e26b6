namespace Involute.Runs.Stores;

/// <summary>What the five characters with which a PostgreSQL server names an error mean for a run.</summary>
/// <remarks>https://www.postgresql.org/docs/15/errcodes-appendix.html</remarks>
internal static class SqlState
{
    private const string UniqueViolation = "23505";
    private const string InsufficientPrivilege = "42501";
    private const string ProgramLimitExceeded = "54000";
    private const string DataCorrupted = "XX001";
    private const string IndexCorrupted = "XX002";

    /// <summary>The kind of fault.</summary>
    public static StoreFaultKind KindOf(string state) => state switch
    {
        UniqueViolation => StoreFaultKind.Taken,
        ProgramLimitExceeded => StoreFaultKind.TooBig,
        DataCorrupted or IndexCorrupted => StoreFaultKind.Damaged,

        // An operator can grant it while the run waits.
        InsufficientPrivilege => StoreFaultKind.Temporary,

        // Values or tables that are not what we made: "undefined table", "undefined column", another type.
        ['2', '2', ..] or ['4', '2', ..] => StoreFaultKind.Damaged,

        // Connection lost (08), read-only server (25), password refused (28), no such database (3D), serialization
        // failure (40), disk full or too many connections (53), not in the right state (55), shutting down or
        // restarting (57), input or output (58), and whatever else: asking again later may help.
        _ => StoreFaultKind.Temporary,
    };
}
