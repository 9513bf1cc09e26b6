using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Checkpoints;

/// <summary>The state of one pair actor, as <see cref="PairState{T}.Save"/> wrote it.</summary>
public sealed record PairSnapshot(PairBlock Block, ReadOnlyMemory<byte> State);

/// <summary>Everything that is needed to go on with a run as if nothing had happened.</summary>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta (lowercase hex); a checkpoint is of no use to
/// another.</param>
/// <param name="State">Theta (its version is the outer step) and the meta-optimizer's memory.</param>
/// <param name="MeanLoss">Mean meta-loss of the step that made this theta; NaN before the first.</param>
/// <param name="Pairs">Every pair actor's state after as many windows as theta has had updates, in pair order.</param>
public sealed record Checkpoint(
    RunId RunId, string IdentitySha256, OuterState<float> State, double MeanLoss, IReadOnlyList<PairSnapshot> Pairs)
{
    /// <summary>The outer step: updates that theta has had.</summary>
    public long Step => State.Theta.Version.Value;
}

/// <summary>The bytes of a <see cref="Checkpoint"/>. Little-endian.</summary>
/// <remarks>
/// 8 bytes magic "INVOCKPT"; int32 schema; int64 length of the whole; text run id, identity hash; int64 step; double
/// mean loss; int32 count and float32 theta; int32 count and double memory of the meta-optimizer; int32 pair actors,
/// and for each int32 first pair, pairs, length of its state, and the state; at the end SHA-256 of all before it. A
/// text is its int32 length and UTF-8. Magic, length and hash stay where they are in every schema.
/// </remarks>
public static class CheckpointFormat
{
    /// <summary>The schema that this version writes and reads.</summary>
    public const int Schema = 1;

    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int LengthOffset = 12;
    private const int BodyOffset = LengthOffset + sizeof(long);

    private static ReadOnlySpan<byte> Magic => "INVOCKPT"u8;

    /// <summary>Writes a checkpoint.</summary>
    public static byte[] Write(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Schema);
        writer.Write(0L);
        WriteText(writer, checkpoint.RunId.Value);
        WriteText(writer, checkpoint.IdentitySha256);
        writer.Write(checkpoint.Step);
        writer.Write(checkpoint.MeanLoss);
        WriteValues(writer, checkpoint.State.Theta.Values, sizeof(float));
        WriteValues(writer, checkpoint.State.MetaOptimizer.Span, sizeof(double));
        writer.Write(checkpoint.Pairs.Count);
        foreach (var pair in checkpoint.Pairs)
        {
            writer.Write(pair.Block.First);
            writer.Write(pair.Block.Count);
            writer.Write(pair.State.Length);
            writer.Write(pair.State.Span);
        }

        stream.SetLength(stream.Position + HashBytes);
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(LengthOffset), bytes.Length);
        SHA256.HashData(bytes.AsSpan(..^HashBytes), bytes.AsSpan(^HashBytes..));
        return bytes;
    }

    /// <summary>The hash that stands at the end of the bytes, in lowercase hexadecimal digits.</summary>
    public static string HashText(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes[^HashBytes..]);

    /// <summary>
    /// Why the bytes are damaged, in one line; null if they are as any version wrote them.
    /// </summary>
    public static string? Damage(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length || !bytes[..Magic.Length].SequenceEqual(Magic))
        {
            return "not a checkpoint (wrong magic)";
        }

        var length = bytes.Length < BodyOffset + HashBytes
            ? BodyOffset + HashBytes
            : BinaryPrimitives.ReadInt64LittleEndian(bytes[LengthOffset..]);
        if (length > bytes.Length)
        {
            return $"checkpoint is truncated: {bytes.Length} of {length} bytes";
        }

        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(bytes[..^HashBytes], hash);
        return length == bytes.Length && hash.SequenceEqual(bytes[^HashBytes..])
            ? null
            : "checkpoint is damaged (SHA-256 does not match)";
    }

    /// <summary>Reads a checkpoint of any run.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a newer schema.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> bytes)
    {
        if (Damage(bytes) is { } damage)
        {
            throw new InvalidDataException(damage);
        }

        var schema = BinaryPrimitives.ReadInt32LittleEndian(bytes[Magic.Length..]);
        if (schema != Schema)
        {
            throw new InvalidDataException($"checkpoint has schema {schema}, this version reads {Schema}");
        }

        var reader = new ByteReader(bytes[BodyOffset..^HashBytes], "checkpoint");
        var runId = new RunId(reader.Text());
        var identity = reader.Text();
        var version = new ThetaVersion(reader.Int64());
        var meanLoss = reader.Double();
        var theta = new Theta<float>(version, reader.Values<float>(sizeof(float)));
        var memory = reader.Values<double>(sizeof(double));
        var pairs = ReadPairs(ref reader);
        reader.RequireEnd();
        return new Checkpoint(runId, identity, new OuterState<float>(theta, memory), meanLoss, pairs);
    }

    /// <summary>Reads a checkpoint that must be of this run and these settings.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer schema, or of another run or other
    /// settings.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> bytes, RunId runId, string identitySha256)
    {
        var checkpoint = Read(bytes);
        if (checkpoint.RunId != runId)
        {
            throw new InvalidDataException($"checkpoint is of run '{checkpoint.RunId}', not of '{runId}'");
        }

        if (checkpoint.IdentitySha256 != identitySha256)
        {
            throw new InvalidDataException(
                $"checkpoint was made with other settings ({checkpoint.IdentitySha256}, expected {identitySha256})");
        }

        return checkpoint;
    }

    // The list grows as states are really found: a hostile count cannot make it allocate.
    private static List<PairSnapshot> ReadPairs(ref ByteReader reader)
    {
        var count = reader.Int32();
        var pairs = new List<PairSnapshot>();
        for (var i = 0; i < count; i++)
        {
            var block = new PairBlock(reader.Int32(), reader.Int32());
            pairs.Add(new PairSnapshot(block, reader.Bytes()));
        }

        return pairs;
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteValues<T>(BinaryWriter writer, ReadOnlySpan<T> values, int size)
        where T : struct
    {
        var bytes = new byte[values.Length * size];
        FlatBytes.Write(values, bytes);
        writer.Write(values.Length);
        writer.Write(bytes);
    }
}
