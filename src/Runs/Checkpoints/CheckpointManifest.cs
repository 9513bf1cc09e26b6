using Involute.Estimators.Plans;

namespace Involute.Runs.Checkpoints;

/// <summary>
/// A checkpoint in parts: which parts its content consists of. The ledger commits the hash at the end of its bytes, and with
/// it every part.
/// </summary>
/// <remarks>
/// Schema 2, between magic and hash: text run id, identity hash; int64 step; double mean loss; theta and the meta-optimizer's
/// memory, each its int32 count and its parts; int32 groups of blocks, and for each int32 blocks, for each block int32 first
/// pair, pairs, length of its state, and the parts of the group, whose content is those states one after the other; int64 inner steps, if the plan does not tell them. Parts are
/// their int32 number, and for each int32 length and 32 bytes SHA-256. Little-endian.
/// </remarks>
/// <param name="RunId">The run.</param>
/// <param name="IdentitySha256">Hash of the settings that decide theta.</param>
/// <param name="Version">The outer step.</param>
/// <param name="MeanLoss">Mean meta-loss of that step.</param>
/// <param name="Theta">Theta, float32.</param>
/// <param name="MetaOptimizer">The meta-optimizer's memory, doubles.</param>
/// <param name="Groups">The states of all blocks, in pair order.</param>
/// <param name="InnerSteps">See <see cref="Checkpoint.InnerSteps"/>.</param>
internal sealed record CheckpointManifest(
    RunId RunId,
    string IdentitySha256,
    ThetaVersion Version,
    double MeanLoss,
    StoredVector Theta,
    StoredVector MetaOptimizer,
    IReadOnlyList<StateGroup> Groups,
    long? InnerSteps)
{
    /// <summary>The schema of a manifest.</summary>
    public const int Schema = 2;

    private const int PartBytes = sizeof(int) + 32;

    /// <summary>What every manifest begins with.</summary>
    public static byte[] FirstBytes => SealedBytes.FirstBytes(Schema);

    /// <summary>All parts, in the order of the content; one that comes again stands again.</summary>
    public IEnumerable<StoredPart> Parts =>
        Theta.Parts.Concat(MetaOptimizer.Parts).Concat(Groups.SelectMany(group => group.Parts));

    /// <summary>Whether bytes that are whole are a manifest.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => SealedBytes.Schema(bytes) == Schema;

    /// <summary>Its bytes.</summary>
    public byte[] Write() => SealedBytes.Write(
        Schema,
        1024 + Groups.Sum(group => 8 + (12 * group.Blocks.Count) + (PartBytes * group.Parts.Count)),
        writer =>
        {
            writer.WriteText(RunId.Value);
            writer.WriteText(IdentitySha256);
            writer.Write(Version.Value);
            writer.Write(MeanLoss);
            Write(writer, Theta);
            Write(writer, MetaOptimizer);
            writer.Write(Groups.Count);
            foreach (var group in Groups)
            {
                writer.Write(group.Blocks.Count);
                foreach (var (block, length) in group.Blocks)
                {
                    writer.Write(block.First);
                    writer.Write(block.Count);
                    writer.Write(length);
                }

                Write(writer, group.Parts);
            }

            CheckpointFormat.WriteInnerSteps(writer, InnerSteps);
        });

    /// <summary>Reads bytes that are whole.</summary>
    /// <exception cref="InvalidDataException">They are no manifest.</exception>
    public static CheckpointManifest Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(SealedBytes.Body(bytes), "checkpoint");
        var manifest = new CheckpointManifest(
            new RunId(reader.Text()),
            reader.Text(),
            new ThetaVersion(reader.Int64()),
            reader.Double(),
            Vector(ref reader, sizeof(float)),
            Vector(ref reader, sizeof(double)),
            List(ref reader, Group),
            CheckpointFormat.ReadInnerSteps(ref reader));
        return manifest;
    }

    private static void Write(BinaryWriter writer, StoredVector vector)
    {
        writer.Write(vector.Count);
        Write(writer, vector.Parts);
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<StoredPart> parts)
    {
        writer.Write(parts.Count);
        foreach (var part in parts)
        {
            writer.Write(part.Length);
            writer.Write(Convert.FromHexString(part.Sha256));
        }
    }

    private static StoredVector Vector(ref ByteReader reader, int numberBytes)
    {
        var vector = new StoredVector(reader.Int32(), List(ref reader, Part));
        Require(vector.Parts, (long)vector.Count * numberBytes, numberBytes);
        return vector;
    }

    private static StateGroup Group(ref ByteReader reader)
    {
        var group = new StateGroup(List(ref reader, Block), List(ref reader, Part));
        Require(group.Parts, group.Blocks.Sum(block => (long)block.Length));
        return group;
    }

    private static StoredBlock Block(ref ByteReader reader) =>
        new(new PairBlock(reader.Int32(), reader.Int32()), reader.Int32());

    private static StoredPart Part(ref ByteReader reader)
    {
        var length = reader.Int32();
        return new StoredPart(reader.Hash(), length);
    }

    private static void Require(IReadOnlyList<StoredPart> parts, long length, int numberBytes = 1)
    {
        if (parts.Any(part => part.Length is < 1 or > StoredPart.Largest || part.Length % numberBytes != 0)
            || parts.Sum(part => (long)part.Length) != length
            || length > Array.MaxLength)
        {
            throw new InvalidDataException($"checkpoint: parts of {parts.Sum(part => (long)part.Length)} bytes for {length}");
        }
    }

    // It grows as entries are really found: a hostile count cannot make it allocate.
    private static List<T> List<T>(ref ByteReader reader, Entry<T> entry)
    {
        var count = reader.Int32();
        var list = new List<T>();
        for (var i = 0; i < count; i++)
        {
            list.Add(entry(ref reader));
        }

        return list;
    }

    private delegate T Entry<T>(ref ByteReader reader);
}

/// <summary>A vector in parts.</summary>
/// <param name="Count">How many numbers it has.</param>
/// <param name="Parts">Its bytes.</param>
internal sealed record StoredVector(int Count, IReadOnlyList<StoredPart> Parts);

/// <summary>The state of a block, as a part of its group's content.</summary>
/// <param name="Block">The pairs.</param>
/// <param name="Length">Bytes of the state.</param>
internal readonly record struct StoredBlock(PairBlock Block, int Length);

/// <summary>The states of some consecutive blocks, in parts: of one large block, or of several small ones.</summary>
/// <param name="Blocks">The blocks, in pair order.</param>
/// <param name="Parts">The bytes of their states, one after the other.</param>
internal sealed record StateGroup(IReadOnlyList<StoredBlock> Blocks, IReadOnlyList<StoredPart> Parts)
{
    /// <summary>Bytes of all its states.</summary>
    public long Bytes => Parts.Sum(part => (long)part.Length);
}
