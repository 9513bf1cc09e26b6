using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Protocol;

/// <summary>
/// The bytes of all messages that may cross a wire, and of the values inside them. Fields are written in the order of
/// the record.
/// </summary>
internal static class WireFormats
{
    /// <summary>Version and length of an empty theta.</summary>
    private const int LeastThetaBytes = sizeof(long) + sizeof(int);

    /// <summary>Seven 32-bit numbers and a double.</summary>
    private const int ReportBytes = (7 * sizeof(int)) + sizeof(double);

    /// <summary>Three 32-bit numbers.</summary>
    private const int PlacedBlockBytes = 3 * sizeof(int);

    /// <summary>A placed block, and the length of an empty state.</summary>
    private const int LeastBlockStateBytes = PlacedBlockBytes + sizeof(int);

    /// <summary>A placed block, a version, and the lengths of three empty lists.</summary>
    private const int LeastWindowBytes = PlacedBlockBytes + (2 * sizeof(long)) + (3 * sizeof(int));

    /// <summary>Characters of what a user's code writes, which may be any number.</summary>
    private const int MostTextLength = 4096;

    public static IReadOnlyList<MessageFormat> All { get; } =
    [
        MessageFormat.Of<RegisterNode>("register-node", Write, ReadRegistration),
        MessageFormat.Of<AskForAdmission>(
            "ask-for-admission",
            (to, message) => Write(to, message.Registration),
            from => new AskForAdmission(ReadRegistration(from))),
        MessageFormat.Of<NodeAccepted>(
            "node-accepted",
            (to, message) => to.Write(message.RunId),
            from => new NodeAccepted(from.RunId())),
        MessageFormat.Of<NodeRefused>(
            "node-refused",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Reason);
            },
            from => new NodeRefused(from.RunId(), from.Text())),
        MessageFormat.OfLarge<PlaceBlocks>(
            "place-blocks",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
                to.List(message.Thetas, Write);
                to.List(message.Blocks, Write);
            },
            from => new PlaceBlocks(
                from.RunId(),
                from.Version(),
                from.List(LeastThetaBytes, Theta),
                from.List(LeastBlockStateBytes, BlockState))),
        MessageFormat.OfLarge<ThetaPublished>(
            "theta-published",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Theta);
                to.Flag(message.AttachState);
            },
            from => new ThetaPublished(from.RunId(), from.Theta(), from.Flag())),
        MessageFormat.Of<SaveState>(
            "save-state",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Write(message.Version);
            },
            from => new SaveState(from.RunId(), from.Block(), from.Version())),
        MessageFormat.Of<ReleaseBlock>(
            "release-block",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
            },
            from => new ReleaseBlock(from.RunId(), from.Block(), from.Int32())),
        MessageFormat.OfLarge<StepReminder>(
            "step-reminder",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
                to.List(message.Awaited, Write);
            },
            from => new StepReminder(
                from.RunId(), from.Version(), from.List(PlacedBlockBytes, PlacedBlock))),
        MessageFormat.Of<ThetaMissing>(
            "theta-missing",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Version);
            },
            from => new ThetaMissing(from.RunId(), from.Version())),
        MessageFormat.Of<ProblemSaid>(
            "problem-said",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Int32(message.Pair ?? -1);
                to.Text(Cut(message.Line));
            },
            from => new ProblemSaid(from.RunId(), from.Int32() is >= 0 and var pair ? pair : null, from.Text())),
        MessageFormat.Of<BlockMissing>(
            "block-missing",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
            },
            from => new BlockMissing(from.RunId(), from.Block(), from.Int32(), from.Version())),
        MessageFormat.Of<RunEnded>(
            "run-ended",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Reason);
            },
            from => new RunEnded(from.RunId(), from.Text())),
        MessageFormat.Of<AskForRun>(
            "ask-for-run",
            (to, message) =>
            {
                to.Text(message.Program);
                to.Int32(message.ProtocolVersion);
            },
            from => new AskForRun(from.Text(), from.Int32())),
        MessageFormat.OfLarge<RunOffered>(
            "run-offered",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Text(message.Configuration);
                to.Text(message.IdentitySha256);
            },
            from => new RunOffered(from.RunId(), from.Text(), from.Text())),
        MessageFormat.OfLarge<MessageChunk>(
            "chunk",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Int64(message.Message);
                to.Int32(message.Index);
                to.Int32(message.Count);
                to.Text(message.Manifest);
                to.Bytes(message.Bytes.Span);
            },
            from => new MessageChunk(
                from.RunId(), from.Int64(), from.Int32(), from.Int32(), from.Text(), from.Bytes())),
        MessageFormat.Of<BlockFailed>(
            "block-failed",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
                to.Flag(message.Fatal);
                to.Text(Cut(message.Error));
            },
            from => new BlockFailed(
                from.RunId(), from.Block(), from.Int32(), from.Version(), from.Flag(), from.Text())),
        MessageFormat.Of<BlockLost>(
            "block-lost",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
            },
            from => new BlockLost(from.RunId(), from.Block(), from.Int32(), from.Version())),
        MessageFormat.OfLarge<WindowsAdvanced>(
            "windows-advanced",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.List(message.Windows, Write);
            },
            from =>
            {
                var run = from.RunId();
                return new WindowsAdvanced(
                    run, from.List(LeastWindowBytes, reader => reader.WindowAdvanced(run)));
            }),
        MessageFormat.OfLarge<StateSaved>(
            "state-saved",
            (to, message) =>
            {
                to.Write(message.RunId);
                to.Write(message.Block);
                to.Int32(message.Attempt);
                to.Write(message.Version);
                to.Bytes(message.State.Span);
            },
            from => new StateSaved(from.RunId(), from.Block(), from.Int32(), from.Version(), from.Bytes())),
    ];

    public static void Write(this WireWriter writer, RunId run) => writer.Text(run.Value);

    public static RunId RunId(this WireReader reader) => new(reader.Text());

    public static void Write(this WireWriter writer, ThetaVersion version) => writer.Int64(version.Value);

    public static ThetaVersion Version(this WireReader reader) => new(reader.Int64());

    public static void Write(this WireWriter writer, PairBlock block)
    {
        writer.Int32(block.First);
        writer.Int32(block.Count);
    }

    public static void Write(this WireWriter writer, PlacedBlock placed)
    {
        writer.Write(placed.Block);
        writer.Int32(placed.Attempt);
    }

    public static PlacedBlock PlacedBlock(this WireReader reader) => new(reader.Block(), reader.Int32());

    public static PairBlock Block(this WireReader reader) => new(reader.Int32(), reader.Int32());

    public static void Write(this WireWriter writer, BlockState block)
    {
        writer.Write(block.Block);
        writer.Int32(block.Attempt);
        writer.Bytes(block.State.Span);
    }

    public static BlockState BlockState(this WireReader reader) => new(reader.Block(), reader.Int32(), reader.Bytes());

    public static void Write(this WireWriter writer, WindowAdvanced window)
    {
        writer.Int32(window.Attempt);
        writer.Write(window.Contribution);
        writer.Bytes(window.State.Span);
        writer.Int64(window.Took.Ticks);
    }

    public static WindowAdvanced WindowAdvanced(this WireReader reader, RunId run) =>
        new(run, reader.Int32(), reader.Contribution(), reader.Bytes(), TimeSpan.FromTicks(reader.Int64()));

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

    private static void Write(WireWriter to, RegisterNode message)
    {
        to.Write(message.RunId);
        to.Int32(message.ProtocolVersion);
        to.Text(message.IdentitySha256);
        to.Text(message.Computation.Program);
        to.Text(message.Computation.Modules);
        to.Text(message.Computation.Runtime);
        to.Text(message.Computation.Vectors);
        to.Text(message.Computation.DataSha256);
        to.Text(message.Computation.Fingerprint);
        to.Int32(message.Slots);
        to.Int32(message.ProcessId);
    }

    private static RegisterNode ReadRegistration(WireReader from) => new(
        from.RunId(),
        from.Int32(),
        from.Text(),
        new Computation(from.Text(), from.Text(), from.Text(), from.Text(), from.Text(), from.Text()),
        from.Int32(),
        from.Int32());

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

    private static string Cut(string text) => text.Length <= MostTextLength ? text : text[..MostTextLength];
}
