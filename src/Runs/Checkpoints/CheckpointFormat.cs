using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Checkpoints;

/// <summary>The bytes of a <see cref="Checkpoint"/> as they stand in one row of a store. Little-endian.</summary>
/// <remarks>
/// <para>Schema 1, the whole: text run id, identity hash; int64 step; double mean loss; int32 count and float32 theta;
/// int32 count and double memory of the meta-optimizer; int32 pair actors, and for each int32 first pair, pairs, length of
/// its state, and the state; int64 inner steps, if the plan does not tell them. A text is its int32 length and UTF-8.</para>
/// <para>Schema 2, a manifest of parts that stand elsewhere: see <see cref="CheckpointManifest"/>. What has at most <see
/// cref="WholeBytes"/> is written as a whole.</para>
/// <para>Both stand between magic, schema, length and SHA-256, where every version finds them.</para>
/// </remarks>
public static class CheckpointFormat
{
    /// <summary>The schema of a whole checkpoint.</summary>
    public const int Schema = 1;

    /// <summary>Bytes of the largest checkpoint that is written as a whole; larger ones are written in parts.</summary>
    public const int WholeBytes = 1 << 20;

    /// <summary>What every whole checkpoint begins with.</summary>
    internal static byte[] FirstBytes => SealedBytes.FirstBytes(Schema);

    /// <summary>Writes a checkpoint as a whole.</summary>
    /// <exception cref="ArgumentException">A state is not in memory: it would be written as empty.</exception>
    public static byte[] Write(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Pairs.FirstOrDefault(pair => pair.Stored is not null) is { } elsewhere)
        {
            throw new ArgumentException($"the state of {elsewhere.Block} stands in the store", nameof(checkpoint));
        }

        return SealedBytes.Write(Schema, checked((int)Size(checkpoint)), writer =>
        {
            writer.WriteText(checkpoint.RunId.Value);
            writer.WriteText(checkpoint.IdentitySha256);
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

            WriteInnerSteps(writer, checkpoint.InnerSteps);
        });
    }

    /// <summary>The hash that stands at the end of the bytes, in lowercase hexadecimal digits.</summary>
    public static string HashText(ReadOnlySpan<byte> bytes) => SealedBytes.HashText(bytes);

    /// <summary>
    /// Why the bytes are damaged, in one line; null if they are as any version wrote them.
    /// </summary>
    public static string? Damage(ReadOnlySpan<byte> bytes) => SealedBytes.Damage(bytes);

    /// <summary>Reads a checkpoint of any run that was written as a whole.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer schema, or in parts.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> bytes)
    {
        return SchemaOf(bytes) switch
        {
            Schema => ReadWhole(bytes),
            CheckpointManifest.Schema => throw new InvalidDataException(
                $"checkpoint has schema {CheckpointManifest.Schema}: it stands in parts, and this is the row that names them"),
            var schema => throw Newer(schema),
        };
    }

    /// <summary>Reads a checkpoint that must be of this run and these settings.</summary>
    /// <exception cref="InvalidDataException">It is damaged, of a newer schema, in parts, or of another run or other
    /// settings.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> bytes, RunId runId, string identitySha256)
    {
        var checkpoint = Read(bytes);
        Require(checkpoint, runId, identitySha256);
        return checkpoint;
    }

    /// <summary>Reads a checkpoint of any run, written as a whole or in parts.</summary>
    /// <param name="bytes">Its row.</param>
    /// <param name="load">Loads a part; null if it is not there.</param>
    /// <param name="states">What is done about states that stand in parts.</param>
    /// <exception cref="InvalidDataException">The row or a part is damaged, a part is missing, or the schema is newer.</exception>
    internal static Checkpoint Read(ReadOnlySpan<byte> bytes, Func<StoredPart, byte[]?> load, StateReading states) =>
        SchemaOf(bytes) switch
        {
            Schema => ReadWhole(bytes),
            CheckpointManifest.Schema => CheckpointParts.Read(CheckpointManifest.Read(bytes), load, states),
            var schema => throw Newer(schema),
        };

    /// <summary>Throws if a checkpoint is not of this run and these settings.</summary>
    internal static void Require(Checkpoint checkpoint, RunId runId, string identitySha256)
    {
        if (checkpoint.RunId != runId)
        {
            throw new InvalidDataException($"checkpoint is of run '{checkpoint.RunId}', not of '{runId}'");
        }

        if (checkpoint.IdentitySha256 != identitySha256)
        {
            throw new InvalidDataException(
                $"checkpoint was made with other settings ({checkpoint.IdentitySha256}, expected {identitySha256})");
        }
    }

    /// <summary>Writes the last number of a body, which may be missing.</summary>
    internal static void WriteInnerSteps(BinaryWriter writer, long? steps)
    {
        if (steps is { } known)
        {
            writer.Write(known);
        }
    }

    /// <summary>Reads the last number of a body, and nothing may follow.</summary>
    internal static long? ReadInnerSteps(ref ByteReader reader)
    {
        long? steps = reader.AtEnd ? null : reader.Int64();
        reader.RequireEnd();
        return steps is null or >= 0
            ? steps
            : throw new InvalidDataException($"checkpoint: {steps} inner steps");
    }

    /// <summary>Whether a checkpoint is small enough to be written as a whole, and all of it is in memory.</summary>
    internal static bool IsWhole(Checkpoint checkpoint) =>
        checkpoint.Pairs.All(pair => pair.Stored is null) && Size(checkpoint) <= WholeBytes;

    // About: no state is looked at.
    private static long Size(Checkpoint checkpoint) =>
        SealedBytes.Around + (3 * 4) + 8 + 8 + 8 + (4 * (checkpoint.RunId.Value.Length + 1L)) + 4 + checkpoint.IdentitySha256.Length
        + ((long)checkpoint.State.Theta.Values.Length * sizeof(float))
        + ((long)checkpoint.State.MetaOptimizer.Length * sizeof(double))
        + checkpoint.Pairs.Sum(pair => (3L * sizeof(int)) + pair.State.Length);

    private static InvalidDataException Newer(int schema) => new(
        $"checkpoint has schema {schema}, this version reads {Schema} and {CheckpointManifest.Schema}");

    private static int SchemaOf(ReadOnlySpan<byte> bytes) =>
        Damage(bytes) is { } damage ? throw new InvalidDataException(damage) : SealedBytes.Schema(bytes);

    private static Checkpoint ReadWhole(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(SealedBytes.Body(bytes), "checkpoint");
        var runId = new RunId(reader.Text());
        var identity = reader.Text();
        var version = new ThetaVersion(reader.Int64());
        var meanLoss = reader.Double();
        var theta = new Theta<float>(version, reader.Values<float>(sizeof(float)));
        var memory = reader.Values<double>(sizeof(double));
        var pairs = ReadPairs(ref reader);
        return new Checkpoint(runId, identity, new OuterState<float>(theta, memory), meanLoss, pairs)
        {
            InnerSteps = ReadInnerSteps(ref reader),
        };
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

    private static void WriteValues<T>(BinaryWriter writer, ReadOnlySpan<T> values, int size)
        where T : struct
    {
        var bytes = new byte[values.Length * size];
        FlatBytes.Write(values, bytes);
        writer.Write(values.Length);
        writer.Write(bytes);
    }
}
