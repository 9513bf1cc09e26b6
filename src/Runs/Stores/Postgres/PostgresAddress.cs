using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>
/// A connection string as the user writes it, without secrets, and what is made of it. Npgsql finds the password
/// itself, in <c>PGPASSWORD</c> or in the file <c>PGPASSFILE</c> (<c>~/.pgpass</c>).
/// </summary>
public sealed class PostgresAddress
{
    /// <summary>The schema with all our tables.</summary>
    public const string Schema = "involute";

    private const int ConnectSeconds = 5;
    private const int KeepAliveSeconds = 10;

    // A server that is another machine, or says that it is one, learns nothing from these that it could use elsewhere.
    private const string WithoutEncryption = "ScramSHA256,GSS,SSPI,None";

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>Server and database, for messages.</summary>
    public string Place => FormattableString.Invariant(
        $"PostgreSQL database '{_settings.Database ?? _settings.Username ?? "of the default user"}' on {_settings.Host}:{_settings.Port}");

    /// <summary>The same in a table.</summary>
    internal string ShortPlace => FormattableString.Invariant(
        $"postgresql {_settings.Host}:{_settings.Port}/{_settings.Database ?? _settings.Username}");

    /// <summary>Seconds after which an operation has surely failed; 0 for never.</summary>
    internal int LongestSeconds => _settings.CommandTimeout == 0 ? 0 : _settings.Timeout + _settings.CommandTimeout;

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It cannot be used; the message says why in one line and repeats no
    /// value.</exception>
    public static PostgresAddress Parse(string text)
    {
        var settings = Read(text);
        if (PostgresSettings.Problem(text, settings) is { } problem)
        {
            throw new FormatException(problem);
        }

        settings.SearchPath = Schema;
        if (!settings.ShouldSerialize("Timeout"))
        {
            settings.Timeout = ConnectSeconds;
        }

        if (!settings.ShouldSerialize("Require Auth") && !PostgresSettings.IsLocal(settings.Host)
            && settings.SslMode is not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull))
        {
            settings.RequireAuth = WithoutEncryption;
        }

        return new PostgresAddress(settings);
    }

    /// <summary>Connection string for the writer of a run's ledger and checkpoints.</summary>
    internal string ForWriter(RunId runId) => With(runId).ConnectionString;

    /// <summary>
    /// Connection string of a session of its own, out of no pool, whose connections may have died unnoticed, and
    /// watched while idle.
    /// </summary>
    internal string ForSession(RunId runId)
    {
        var settings = With(runId);
        settings.Pooling = false;
        settings.Multiplexing = false;
        settings.KeepAlive = KeepAliveSeconds;
        return settings.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception cause) when (cause is ArgumentException or FormatException or InvalidCastException
            or OverflowException or KeyNotFoundException or NotSupportedException)
        {
            // The driver's message may repeat what it does not understand, which may be a password.
            throw new FormatException("it is not of Npgsql's form, Host=…;Port=…;Database=…;Username=…", cause);
        }
    }

    // The server shows the name in pg_stat_activity.
    private NpgsqlConnectionStringBuilder With(RunId runId)
    {
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString);
        settings.ApplicationName ??= $"involute {runId}";
        return settings;
    }
}
