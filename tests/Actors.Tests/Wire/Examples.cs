using Involute.Actors.Protocol;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Runs;
using Involute.Runs.Ledger;
using static Involute.Actors.Protocol.NodeProtocol;
using static Involute.Actors.Protocol.PairProtocol;

namespace Involute.Actors.Tests.Wire;

/// <summary>One message of every type, no two fields alike.</summary>
internal static class Examples
{
    private static readonly RunId Run = new("größe-7");
    private static readonly PairBlock Block = new(40, 2);
    private static readonly ThetaVersion Version = new(1L << 40);
    private static readonly byte[] State = [9, 8, 7];

    // Values that a text format or a careless comparison would lose.
    private static readonly Theta<float> Theta = new(
        Version,
        [1.5f, -0f, float.Epsilon, float.MaxValue, float.NegativeInfinity, BitConverter.Int32BitsToSingle(0x7fc12345)]);

    public static IReadOnlyList<IWireMessage> All { get; } =
    [
        new AskForAdmission(new RegisterNode(
            Run, 4, "cafe", new Computation("involute 1", "A 1", ".NET 10", "none", "da7a", "f00d"), 1, 4711)),
        new RegisterNode(Run, 4, "cafe", new Computation("involute 1", "A 1\nB 2", ".NET 10", "256 bits", "da7a", "f00d"), 16, 4711),
        new NodeAccepted(Run),
        new NodeRefused(Run, "wrong version"),
        new PlaceBlocks(
            Run,
            Version,
            [Theta, new Theta<float>(new ThetaVersion(6), [0.25f])],
            [new BlockState(Block, 5, State), new BlockState(new PairBlock(42, 1), 6, new byte[] { 3 })]),
        new ThetaPublished(Run, Theta, true),
        new SaveState(Run, Block, Version),
        new ReleaseBlock(Run, Block, 5),
        new StepReminder(Run, Version, [new PlacedBlock(Block, 5), new PlacedBlock(new PairBlock(42, 1), 6)]),
        new ThetaMissing(Run, Version),
        new ProblemSaid(Run, 40, "a line"),
        new BlockMissing(Run, Block, 5, Version),
        new RunEnded(Run, "all is done"),
        new AskForRun("involute 0.3", 9),
        new RunOffered(Run, "involute { seed = 1 }", "cafe"),
        new MessageChunk(Run, 1L << 33, 3, 4, "theta-published", State),
        new BlockFailed(Run, Block, 5, Version, true, "DivideByZeroException: no"),
        new BlockLost(Run, Block, 5, Version),
        new WindowsAdvanced(
            Run,
            [
                new WindowAdvanced(
                    Run,
                    5,
                    new PairContribution<float>(
                        Block,
                        Version,
                        new[] { -2.5f, float.NaN },
                        [
                            new PairReport(40, 1, 2, 3, 0.5, 4, 1, uint.MaxValue),
                            new PairReport(41, 5, 6, 7, double.NaN, 8, 2, 9),
                        ]),
                    State,
                    TimeSpan.FromTicks(12_345)),
                new WindowAdvanced(
                    Run, 6, new PairContribution<float>(new PairBlock(42, 1), new ThetaVersion(7), new[] { 3f }, []),
                    default),
            ]),
        new StateSaved(Run, Block, 5, Version, State),
    ];
}
