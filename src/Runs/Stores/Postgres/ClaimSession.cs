using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Involute.Runs.Claims;

namespace Involute.Runs.Stores.Postgres;

/// <summary>A claim as the server sees it: an advisory lock of a session, and a line that names the claimant.</summary>
/// <remarks>
/// The lock counts, and ends with its session. The line is for messages; it stays when the lock has ended.
/// https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS
/// </remarks>
internal static class ClaimSession
{
    // A server that hears nothing from a machine (power cut, cable) ends its session after about 25 s, not two hours,
    // and must not end one for being idle.
    private const string SessionSettings = """
        SET tcp_keepalives_idle = 10;
        SET tcp_keepalives_interval = 5;
        SET tcp_keepalives_count = 3;
        SET idle_session_timeout = 0;
        """;

    /// <summary>Claims the run for this session.</summary>
    /// <returns>False if another session has it.</returns>
    public static async Task<bool> TryClaimAsync(
        DbConnection connection, RunId runId, Claimant claimant, CancellationToken cancellation)
    {
        await using (var settings = connection.CreateCommand())
        {
            settings.CommandText = SessionSettings;
            await settings.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        await using (var take = connection.CreateCommand())
        {
            take.CommandText = "SELECT pg_try_advisory_lock(@key)";
            take.Add("@key", Key(runId));
            if (await take.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true)
            {
                return false;
            }
        }

        await using var tell = connection.CreateCommand();
        tell.CommandText = """
            INSERT INTO holder (run_id, process, host, since) VALUES (@id, @process, @host, @since)
            ON CONFLICT (run_id) DO UPDATE SET process = @process, host = @host, since = @since
            """;
        tell.Add("@id", runId.Value).Add("@process", claimant.Process).Add("@host", claimant.Host).Add(
            "@since", claimant.Since);
        await tell.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a session has claimed the run; claims nothing.</summary>
    public static bool IsClaimed(DbConnection connection, RunId runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND ((classid::bigint << 32) | objid::bigint) = @key)
            """;
        command.Add("@key", Key(runId));
        return command.ExecuteScalar() is true;
    }

    /// <summary>The process that has claimed the run, now or last; null before the first claim.</summary>
    public static Claimant? Claimant(DbConnection connection, RunId runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT process, host, since FROM holder WHERE run_id = @id";
        command.Add("@id", runId.Value);
        using var row = command.ExecuteReader();
        return row.Read() ? new Claimant(row.GetInt32(0), row.GetString(1), row.GetDateTime(2)) : null;
    }

    // 64 bits of a hash: two runs of one database that meet would exclude each other, which is a pity and not a danger.
    private static long Key(RunId runId) => BinaryPrimitives.ReadInt64LittleEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"involute run {runId.Value}")));
}
