using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Involute.Runs.Stores.Postgres;

/// <summary>The tables in schema <c>involute</c>: those of Akka.Persistence.Sql, and who holds which run.</summary>
/// <remarks>Connections have the schema in their search path, so that statements are the same as for SQLite.</remarks>
internal static class PostgresSchema
{
    private const int OldestServer = 150000;

    // Schemas and tables that two sessions make at the same time collide in spite of IF NOT EXISTS: one after the
    // other. The lock's number is arbitrary; it ends with the transaction.
    private const string Lock = "SELECT pg_advisory_xact_lock(7401);";

    // A role needs a right of the database for this, even where the schema is there.
    private const string NewSchema = "CREATE SCHEMA IF NOT EXISTS involute;";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS involute.journal (
          ordering BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL CONSTRAINT "PK_journal" PRIMARY KEY,
          created BIGINT NOT NULL,
          deleted BOOLEAN NOT NULL,
          persistence_id TEXT NOT NULL,
          sequence_number BIGINT NOT NULL,
          message BYTEA NOT NULL,
          manifest TEXT NULL,
          identifier INTEGER NULL,
          writer_uuid TEXT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON involute.journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS involute.snapshot (
          persistence_id TEXT NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          snapshot BYTEA NULL,
          manifest TEXT NULL,
          serializer_id INTEGER NULL,
          CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE IF NOT EXISTS involute.tags (
          ordering_id BIGINT NOT NULL,
          tag TEXT NOT NULL,
          sequence_nr BIGINT NOT NULL,
          persistence_id TEXT NOT NULL,
          CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag));
        CREATE TABLE IF NOT EXISTS involute.checkpoint_part (
          persistence_id TEXT NOT NULL,
          sha256 TEXT NOT NULL,
          content BYTEA NOT NULL,
          CONSTRAINT "PK_checkpoint_part" PRIMARY KEY (persistence_id, sha256));
        ALTER TABLE involute.checkpoint_part ALTER COLUMN content SET STORAGE EXTERNAL;
        CREATE TABLE IF NOT EXISTS involute.holder (
          run_id TEXT NOT NULL PRIMARY KEY,
          process INTEGER NOT NULL,
          host TEXT NOT NULL,
          since TIMESTAMPTZ NOT NULL);
        """;

    private const string SearchPath =
        """SELECT trim(BOTH ' "' FROM split_part(current_setting('search_path'), ',', 1))""";

    private const string MissingRights = """
        SELECT string_agg(needed || ' on ' || name, ', ') FROM (VALUES
          ('journal', 'SELECT'), ('journal', 'INSERT'),
          ('snapshot', 'SELECT'), ('snapshot', 'INSERT'), ('snapshot', 'UPDATE'), ('snapshot', 'DELETE'),
          ('checkpoint_part', 'SELECT'), ('checkpoint_part', 'INSERT'), ('checkpoint_part', 'DELETE'),
          ('holder', 'SELECT'), ('holder', 'INSERT'), ('holder', 'UPDATE')) AS right_to (name, needed)
        WHERE NOT has_table_privilege('involute.' || name, needed)
        """;

    /// <summary>Makes the tables if they are not there, in one transaction; else checks the rights on them.</summary>
    /// <remarks>Where an administrator has made them, the role needs no right to make any.</remarks>
    /// <exception cref="InvalidDataException">The server is too old.</exception>
    /// <exception cref="StoreUnreachableException">The role may not write the tables.</exception>
    public static void Prepare(NpgsqlConnection connection, string place)
    {
        var version = (int)Scalar(connection, "SELECT current_setting('server_version_num')::integer")!;
        if (version < OldestServer)
        {
            throw new InvalidDataException(
                $"{place}: the server is PostgreSQL {connection.PostgreSqlVersion.ToString()}; at least "
                    + $"{(OldestServer / 10000).ToString(CultureInfo.InvariantCulture)} is needed");
        }

        // Versions before 0.3 knew no parts.
        if (!Exists(connection) || Scalar(connection, "SELECT to_regclass('involute.checkpoint_part') IS NULL") is true)
        {
            var hasSchema = Scalar(connection, "SELECT to_regnamespace('involute') IS NOT NULL") is true;
            using var transaction = connection.BeginTransaction();
            Scalar(connection, Lock + (hasSchema ? "" : NewSchema) + Tables);
            transaction.Commit();
        }
        else if (Scalar(connection, MissingRights) is string missing)
        {
            throw new StoreUnreachableException($"{place}: the role lacks rights in schema involute: {missing}");
        }
    }

    /// <summary>The schema stands first in the search path; a pooler may leave out what a connection asks for.</summary>
    /// <exception cref="StoreUnreachableException">It does not.</exception>
    public static void RequireSearchPath(NpgsqlConnection connection, string place)
    {
        if (Scalar(connection, SearchPath) is not PostgresAddress.Schema)
        {
            throw new StoreUnreachableException(
                $"{place}: the connection's search path is not heeded (by a pooler?): ALTER ROLE … SET search_path = "
                    + PostgresAddress.Schema);
        }
    }

    /// <summary>Whether all tables are there that every run has.</summary>
    public static bool Exists(DbConnection connection) => Scalar(
        connection,
        """
        SELECT to_regclass('involute.journal') IS NOT NULL AND to_regclass('involute.snapshot') IS NOT NULL
          AND to_regclass('involute.tags') IS NOT NULL AND to_regclass('involute.holder') IS NOT NULL
        """) is true;

    private static object? Scalar(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
