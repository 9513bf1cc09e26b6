namespace Involute.Faults;

/// <summary>The PostgreSQL server of scripts/with-postgres.</summary>
internal static class Stores
{
    private const string Variable = "INVOLUTE_TEST_POSTGRES";

    /// <summary>Why there is no server; null if there is one.</summary>
    public static string? Lack() => Connection is null
        ? $"no PostgreSQL server ({Variable} is not set; scripts/with-postgres tests/faults/run starts one)"
        : null;

    /// <summary>The arguments that begin a run there.</summary>
    public static IReadOnlyList<string> Postgres =>
        ["--set", "involute.store=postgresql", "--set", $"involute.store.connection={Connection}"];

    /// <summary>Its connection string; the password is in PGPASSWORD.</summary>
    public static string? Connection =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;
}
