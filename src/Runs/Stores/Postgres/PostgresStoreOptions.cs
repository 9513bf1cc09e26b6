using Involute.Tasks.Components;

namespace Involute.Runs.Stores.Postgres;

/// <summary>Options of <see cref="PostgresRunStore"/>.</summary>
[Component("postgresql", "a database on a server, which many runs and machines may share (hocon/postgresql.conf)")]
public sealed record PostgresStoreOptions : StoreOptions
{
    /// <summary>Npgsql connection string without a password.</summary>
    [Option(
        "How to reach the server, as Npgsql writes it. Never with a password: that comes from PGPASSWORD, or from "
        + "~/.pgpass or the file that PGPASSFILE names. Also useful: SSL Mode=VerifyFull, Timeout (seconds to connect, "
        + "5), Command Timeout (seconds for one statement, 30; more for checkpoints of hundreds of megabytes). Search "
        + "Path cannot be set: our tables are in schema involute. It may change when the database has moved.",
        IsSecret = true, MayChange = true)]
    public string Connection { get; init; } = "Host=127.0.0.1;Port=5432;Database=involute;Username=involute";

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override string Where() => PostgresAddress.Parse(Connection).ShortPlace;

    /// <inheritdoc/>
    public override IReadOnlyList<RunId> ListRuns() => PostgresRuns.List(PostgresAddress.Parse(Connection));

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        string? problem = null;
        try
        {
            PostgresAddress.Parse(Connection);
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }

        if (problem is not null)
        {
            yield return new OptionProblem(
                "connection", problem, "\"Host=…;Port=5432;Database=…;Username=…\" without a password");
        }
    }

    /// <inheritdoc/>
    public override IRunStore Create(string runFolder, RunId runId) =>
        new PostgresRunStore(PostgresAddress.Parse(Connection), runId);
}
