using Akka.Actor;
using Involute.Actors.Learning;
using Involute.Actors.Protocol;
using Involute.Commands;
using Involute.Estimators.Pairs;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using static Involute.Actors.Protocol.ControlProtocol;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>pair</c>: where the pairs stand and who computes them.</summary>
internal sealed class PairPalette : RunHandler
{
    private const int UsualRows = 50;
    private const int MostRows = 10_000;

    private static readonly ArgumentDefinition First =
        new("FIRST", "the first pair that is listed; 0 if absent") { Switch = "-f" };

    private static readonly ArgumentDefinition Rows = new("ROWS", "how many; 50, of the slowest 10 if absent") { Switch = "-n" };

    private static readonly CommandDefinition List =
        new("list", "each pair's place in its trajectory, its loss, and where it is computed", First, Rows);

    private static readonly CommandDefinition Slowest =
        new("slowest", "whose windows of the last outer step took longest, and where", Rows);

    private static readonly ArgumentDefinition Pair =
        new("PAIR", "its number, from 0") { Switch = "-i", IsRequired = true };

    private static readonly CommandDefinition Show =
        new("show", "a pair at the last cut: where it stood, and the arrays that it carries", Pair);

    private static readonly CommandDefinition Restart =
        new("restart", "place a pair anew from the last cut; it replays, and theta stays the same", Pair)
        {
            Question = "Start the pair again?",
        };

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("pair", "the antithetic pairs", List, Show, Slowest, Restart);

    public PairPalette(RunSubject run)
        : base(run)
    {
        On(List, ShowList);
        On(Slowest, ShowSlowest);
        On(Show, call => Ask<BlockCut>(new AskCut(Number(call) / PerBlock), cut => ShowOne(call, cut)));
        On(Restart, call => Ask<BlockHome>(
            new RestartBlock(Number(call) / PerBlock),
            home => Finish(AnswerText.Details(
                call.Json,
                ("pair", "pair", Cell.Of(Number(call))),
                ("node", "node", Cell.Of(Place(home.Node ?? ""))),
                ("restarts", "restarts", Cell.Of(home.Attempt - 1))))));
        Hear<Homes>();
        Hear<BlockCut>();
        Hear<BlockHome>();
    }

    private int PerBlock => Run.Open.Plan.PairsPerActor;

    /// <summary>The palette of a run.</summary>
    public static PaletteHandler Of(RunSubject run) => new(Palette, Props.Create(() => new PairPalette(run)));

    private void ShowList(CommandCall call)
    {
        var pairs = Run.Open.Plan.Pairs;
        var first = (int)(call.Number(First, 0, pairs - 1) ?? 0);
        var count = (int)Math.Min(call.Number(Rows, 1, MostRows) ?? UsualRows, pairs - first);
        var block = first / PerBlock;
        Ask<Homes>(
            new AskHomes(block, ((first + count - 1) / PerBlock) - block + 1),
            homes =>
            {
                var (reports, windows) = (Known.Last?.Reports, Known.Course?.Windows);
                Write(AnswerText.Table(
                    call.Json,
                    [("pair", "pair"), ("trajectory", "traj"), ("innerStep", "step"), ("horizon", "horizon"), ("meanLoss", "loss"),
                        ("divergedArms", "div"), ("windowSeconds", "window"), ("node", "node"), ("restarts", "restarts")],
                    [
                        .. Enumerable.Range(first, count).Select(
                            pair => Row(
                                pair, reports?[pair], windows?[pair / PerBlock].Took, homes.Blocks[(pair / PerBlock) - block])),
                    ]));
                if (first + count < pairs && !call.Json)
                {
                    Write($"{pairs - first - count} more: -f {first + count}");
                }

                Finish();
            });
    }

    private Cell[] Row(int pair, PairReport? report, TimeSpan? took, BlockHome home) =>
    [
        Cell.Of(pair),
        Cell.Of(report?.Trajectory),
        Cell.Of(report?.InnerStepAfter),
        Cell.Of(report is { } known ? Horizon(pair, known) : null),
        Cell.Of(report?.MeanLoss),
        Cell.Of(report?.DivergedArms),
        Cell.Of(took),
        Cell.Of(home.Node is { } node ? Place(node) : null),
        Cell.Of(Math.Max(0, home.Attempt - 1)),
    ];

    // The pairs of a block are computed one after the other, and measured together.
    private void ShowSlowest(CommandCall call)
    {
        var count = (int)(call.Number(Rows, 1, MostRows) ?? 10);
        var known = Known;
        if (known is not { Course.Windows: var windows, Last.Reports: var reports })
        {
            Fail("no outer step has been done yet");
            return;
        }

        var usual = windows.Select(window => window.Took).Order().ElementAt(windows.Count / 2);
        Finish(AnswerText.Table(
            call.Json,
            [("pair", "pair"), ("pairs", "pairs"), ("windowSeconds", "window"), ("timesUsual", "x median"), ("steps", "steps"),
                ("node", "node")],
            [
                .. windows.Select((window, block) => (window, Block: block)).OrderByDescending(one => one.window.Took).Take(count)
                    .Select(one => new[]
                    {
                        Cell.Of(one.Block * PerBlock),
                        Cell.Of(Math.Min(PerBlock, reports.Count - (one.Block * PerBlock))),
                        Cell.Of(one.window.Took),
                        Cell.Of(usual > TimeSpan.Zero ? one.window.Took / usual : null, "0.00"),
                        Cell.Of(reports.Skip(one.Block * PerBlock).Take(PerBlock).Sum(report => (long)report.Steps)),
                        Cell.Of(Place(one.window.Node)),
                    }),
            ]));
    }

    private int Number(CommandCall call) => (int)call.Number(Pair, 0, Run.Open.Plan.Pairs - 1)!.Value;

    private void ShowOne(CommandCall call, BlockCut cut)
    {
        if (cut.State is not { } state)
        {
            Fail("the states of this run are too large to be kept in memory: they stand in the store only");
            return;
        }

        using var pairs = new PairState<float>(Run.Open.Plan, cut.Block);
        if (!state.IsEmpty)
        {
            pairs.Load(state.Span);
        }

        var view = PairView<float>.Of(Run.Open.Plan, pairs, Number(call) - cut.Block.First);
        var at = view.Truncation;
        Write(AnswerText.Details(
            call.Json,
            ("pair", "pair", Cell.Of(view.Pair)),
            ("outerStep", "outer step", Cell.Of(cut.Version.Value)),
            ("trajectory", "trajectory", Cell.Of(at.Trajectory)),
            ("innerStep", "inner step", Cell.Of(at.InnerStep)),
            ("horizon", "horizon", Cell.Of(at.Horizon == int.MaxValue ? null : at.Horizon))));
        Finish(AnswerText.Table(
            call.Json,
            [("owner", "owner"), ("array", "array"), ("shape", "shape"), ("norm", "norm"), ("meanAbs", "mean |x|"),
                ("maxAbs", "max |x|")],
            [
                .. view.Sample.Select(tensor => Row("task", tensor)),
                .. view.Lanes.SelectMany(lane => lane.Tensors.Select(
                    tensor => Row(lane.Diverged ? $"{lane.Arm} (diverged)" : $"{lane.Arm}", tensor))),
                .. view.Trail is { } trail ? [Row("estimator", trail)] : Array.Empty<Cell[]>(),
            ]));
    }

    private static Cell[] Row(string owner, NamedTensor<float> tensor)
    {
        var it = Magnitudes.Of(tensor.Values.Span);
        return
        [
            Cell.Of(owner), Cell.Of(tensor.Name), Cell.Of($"[{string.Join('x', tensor.Shape)}]"), Cell.Of(it.Norm),
            Cell.Of(it.MeanAbs), Cell.Of(it.MaxAbs),
        ];
    }

    private long? Horizon(int pair, PairReport report)
    {
        var horizon = Run.Open.Plan.Schedule.Horizon(
            new TrajectoryKey(Run.Open.Plan.Windows.Seed, pair, report.Trajectory));
        return horizon == int.MaxValue ? null : horizon;
    }

    private static string Place(string path) =>
        path.Length == 0 ? "none" : NodeName.Address(path) ?? "here";
}
