using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Involute.Host.Tests.CommandLine;

/// <summary>
/// What somebody with an SQLite shell, and some knowledge of the ledger's format, can do to a run's database.
/// </summary>
internal sealed class RunDatabaseFile(string path) : IDisposable
{
    /// <summary>
    /// Offsets of hashes, loss and pairs in a recorded step; its last 8 bytes are a hash of all bytes before them.
    /// </summary>
    public const int Epoch = 8;
    public const int Theta = 16;
    public const int Contributions = 48;
    public const int MeanLoss = 112;
    public const int Pairs = 120;

    private const int Chain = 80;

    // Of a commit.
    private const int AnchorSequence = 48;
    private const int AnchorHash = 56;
    private const int CheckBytes = 8;

    private readonly SqliteConnection _connection = Open(path);

    public void Execute(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    public T Value<T>(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>Puts bytes into an event, and renews the hash at its end.</summary>
    public void Forge(long sequence, int offset, params byte[] bytes)
    {
        var message = Message(sequence);
        bytes.CopyTo(message, offset);
        Write(sequence, message);
    }

    /// <summary>Makes the chain hashes of all steps, and what commits know of the events before them, fit again.</summary>
    public void Rechain()
    {
        var previous = new byte[SHA256.HashSizeInBytes];
        List<byte[]> running = [new byte[SHA256.HashSizeInBytes]];
        for (var sequence = 1L; sequence <= Value<long>("SELECT max(sequence_number) FROM journal"); sequence++)
        {
            var manifest = Value<string>("SELECT manifest FROM journal WHERE sequence_number = $s", ("$s", sequence));
            var message = Message(sequence);
            if (manifest == "step-1")
            {
                previous = SHA256.HashData([.. previous, .. message[Theta..Chain]]);
                previous.CopyTo(message, Chain);
                Write(sequence, message);
            }
            else if (manifest == "checkpoint-2")
            {
                running[(int)BitConverter.ToInt64(message, AnchorSequence)].CopyTo(message, AnchorHash);
                Write(sequence, message);
            }

            running.Add(SHA256.HashData([.. running[^1], .. Encoding.UTF8.GetBytes(manifest), 0, .. message]));
        }
    }

    /// <summary>Changes the last pair's state in a checkpoint, and renews the hash at its end.</summary>
    public void ForgeCheckpoint(long step)
    {
        var blob = Value<byte[]>("SELECT snapshot FROM snapshot WHERE sequence_number = $s", ("$s", step));
        blob[^(SHA256.HashSizeInBytes + 8)] ^= 1;
        SHA256.HashData(blob.AsSpan(..^SHA256.HashSizeInBytes)).CopyTo(blob.AsSpan(^SHA256.HashSizeInBytes..));
        Execute("UPDATE snapshot SET snapshot = $b WHERE sequence_number = $s", ("$b", blob), ("$s", step));
    }

    public void FlipByteOfEvent(long sequence) => Flip("journal", "message", sequence);

    public void FlipByteOfCheckpoint(long step) => Flip("snapshot", "snapshot", step);

    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private byte[] Message(long sequence) =>
        Value<byte[]>("SELECT message FROM journal WHERE sequence_number = $s", ("$s", sequence));

    private void Write(long sequence, byte[] message)
    {
        SHA256.HashData(message.AsSpan(..^CheckBytes)).AsSpan(..CheckBytes).CopyTo(message.AsSpan(^CheckBytes..));
        Execute("UPDATE journal SET message = $m WHERE sequence_number = $s", ("$m", message), ("$s", sequence));
    }

    private void Flip(string table, string column, long sequence)
    {
        var bytes = Value<byte[]>($"SELECT {column} FROM {table} WHERE sequence_number = $s", ("$s", sequence));
        bytes[bytes.Length / 2] ^= 1;
        Execute($"UPDATE {table} SET {column} = $b WHERE sequence_number = $s", ("$b", bytes), ("$s", sequence));
    }

    private SqliteCommand Command(string sql, (string Name, object Value)[] values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
