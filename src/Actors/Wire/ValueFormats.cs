using Involute.Actors.Nodes;
using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Runs;
using static Involute.Actors.Pairs.PairProtocol;

namespace Involute.Actors.Wire;

/// <summary>How the values inside messages are written: the parts that several messages share.</summary>
internal static class ValueFormats
{
    /// <summary>Version and length of an empty theta.</summary>
    public const int LeastThetaBytes = sizeof(long) + sizeof(int);

    /// <summary>Seven 32-bit numbers and a double.</summary>
    private const int ReportBytes = (7 * sizeof(int)) + sizeof(double);

    public static void Write(this WireWriter writer, RunId run) => writer.Text(run.Value);

    public static RunId RunId(this WireReader reader) => new(reader.Text());

    public static void Write(this WireWriter writer, ThetaVersion version) => writer.Int64(version.Value);

    public static ThetaVersion Version(this WireReader reader) => new(reader.Int64());

    public static void Write(this WireWriter writer, PairBlock block)
    {
        writer.Int32(block.First);
        writer.Int32(block.Count);
    }

    /// <summary>Three 32-bit numbers.</summary>
    public const int PlacedBlockBytes = 3 * sizeof(int);

    public static void Write(this WireWriter writer, PlacedBlock placed)
    {
        writer.Write(placed.Block);
        writer.Int32(placed.Attempt);
    }

    public static PlacedBlock PlacedBlock(this WireReader reader) => new(reader.Block(), reader.Int32());

    public static PairBlock Block(this WireReader reader) => new(reader.Int32(), reader.Int32());

    /// <summary>A placed block, and the length of an empty state.</summary>
    public const int LeastBlockStateBytes = PlacedBlockBytes + sizeof(int);

    public static void Write(this WireWriter writer, BlockState block)
    {
        writer.Write(block.Block);
        writer.Int32(block.Attempt);
        writer.Bytes(block.State.Span);
    }

    public static BlockState BlockState(this WireReader reader) => new(reader.Block(), reader.Int32(), reader.Bytes());

    /// <summary>A placed block, a version, and the lengths of three empty lists.</summary>
    public const int LeastWindowBytes = PlacedBlockBytes + sizeof(long) + (3 * sizeof(int));

    public static void Write(this WireWriter writer, WindowAdvanced window)
    {
        writer.Int32(window.Attempt);
        writer.Write(window.Contribution);
        writer.Bytes(window.State.Span);
    }

    public static WindowAdvanced WindowAdvanced(this WireReader reader, RunId run) =>
        new(run, reader.Int32(), reader.Contribution(), reader.Bytes());

    public static void Write(this WireWriter writer, Theta<float> theta)
    {
        writer.Write(theta.Version);
        writer.Floats(theta.Values);
    }

    public static Theta<float> Theta(this WireReader reader) => new(reader.Version(), reader.Floats());

    public static void Write(this WireWriter writer, PairContribution<float> contribution)
    {
        writer.Write(contribution.Block);
        writer.Write(contribution.Version);
        writer.Floats(contribution.Gradient.Span);
        writer.List(contribution.Reports, Write);
    }

    public static PairContribution<float> Contribution(this WireReader reader) =>
        new(reader.Block(), reader.Version(), reader.Floats(), reader.List(ReportBytes, Report));

    private static void Write(WireWriter writer, PairReport report)
    {
        writer.Int32(report.Pair);
        writer.Int32(report.InnerStepBefore);
        writer.Int32(report.InnerStepAfter);
        writer.Int32(report.Steps);
        writer.Double(report.MeanLoss);
        writer.Int32(report.Resets);
        writer.Int32(report.DivergedArms);
        writer.Int32(unchecked((int)report.Trajectory));
    }

    private static PairReport Report(WireReader reader) => new(
        reader.Int32(),
        reader.Int32(),
        reader.Int32(),
        reader.Int32(),
        reader.Double(),
        reader.Int32(),
        reader.Int32(),
        unchecked((uint)reader.Int32()));
}
