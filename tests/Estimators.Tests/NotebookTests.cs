using System.Text.RegularExpressions;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Estimators.Tests;

/// <summary>
/// What the notebooks print, computed by other parts of the library than those that the notebooks use.
/// scripts/notebooks compares their output with the same files.
/// </summary>
public sealed partial class NotebookTests
{
    private static readonly string Folder = Repository.File("samples", "notebooks");

    private static readonly OptimizedTask Images = new(ImageMlp.FashionMnist8Relu32(), new LearnableAdam(3e-3));
    private static readonly OptimizedTask Quadratics = new(new FixedDimQuadraticFamily(10), new LearnableAdam());

    private static readonly TrainingPlan<float> Persistent = new(
        Quadratics,
        new PersistentES<float>(),
        new GaussianNoise<float>(0.01),
        new LogUniformSchedule(100, 1000),
        new WindowSettings(Seed: 0, Window: 50, InitialOffset: 1000),
        new MetaAdam<float>(0.03),
        Pairs: 4);

    [Fact]
    public void Schedules_are_done_at_their_horizon()
    {
        var schedule = new LogUniformSchedule(100, 1000);
        Assert.Equal(
            [
                "steps  done",
                .. Enumerable.Range(0, 12).Select(step => $"{step,5}  {step >= 10}"),
                $"mean horizon {schedule.MeanHorizon:0.0000}",
                .. Enumerable.Range(0, 4).Select(pair => $"pair {pair}: {string.Join(' ', Horizons(pair).Take(6))}"),
            ],
            Expected("1-truncation-schedules"));

        IEnumerable<int> Horizons(int pair)
        {
            for (var cursor = TruncationCursor.Initial(0, pair, 0, schedule); ; cursor = cursor.NextTrajectory(
                0, pair, schedule))
            {
                yield return cursor.Horizon;
            }
        }
    }

    [Fact]
    public void Sequential_training_is_one_whole_trajectory_after_the_other()
    {
        var (innerSteps, losses) = Task(0, start: 0);
        Assert.Equal(
            [
                "step  inner step after    loss  done",
                .. new[] { 0, 1, 48, 49, 50, 51, 99, 100, 199 }.Select(
                    step => $"{step,4}  {innerSteps[step],16}  {losses[step],6:0.0000}  {innerSteps[step] == 50}"),
            ],
            Expected("2-sequential-training"));
    }

    [Fact]
    public void Lockstep_and_out_of_lockstep_are_whole_trajectories_of_eight_tasks()
    {
        var starts = Enumerable.Range(0, 8).Select(
            task => TruncationCursor.Initial(0, task, 50, new ConstantSchedule(50)).InnerStep);
        Assert.Equal([.. Lines(new int[8]), .. Lines(starts)], Expected("3-lockstep"));

        static IEnumerable<string> Lines(IEnumerable<int> starts)
        {
            var tasks = starts.Select((start, task) => Task(task, start)).ToArray();
            double Mean(int step) => tasks.Average(task => task.Losses[step]);
            foreach (var step in new[] { 0, 24, 49, 50, 100 })
            {
                var after = string.Join(' ', tasks.Select(task => $"{task.InnerSteps[step],2}"));
                yield return $"step {step,3}: mean loss {Mean(step):0.0000}, inner steps after {after}";
            }

            var means = Enumerable.Range(50, 150).Select(Mean).ToArray();
            yield return $"from step 50 on: {means.Min():0.0000} to {means.Max():0.0000}";
        }
    }

    [Fact]
    public void Full_es_is_the_mean_of_four_pairs_each_by_itself()
    {
        var windows = Windows(
            Persistent with
            {
                Estimator = new FullES<float>(),
                Schedule = new ConstantSchedule(100),
                Windows = new WindowSettings(Seed: 0, Window: 1),
            },
            41);
        var slopes = windows[1..].Select(window => window.Gradient[0]).ToArray();
        Assert.Equal(
            [
                "pair 0: trajectory 0, inner step 0 of 100",
                .. windows[0].Lines,
                "steps: 100 100 100 100",
                "after: 0 0 0 0",
                "pair 0: trajectory 1, inner step 0 of 100",
                $"d log_lr, 40 times: mean {slopes.Average():0.0000}, from {slopes.Min():0.0000} to "
                    + $"{slopes.Max():0.0000}",
            ],
            Expected("4-full-es"));
    }

    [Fact]
    public void Pes_is_the_mean_of_four_pairs_each_by_itself_and_the_outer_loop_is_the_sequential_program()
    {
        var windows = Windows(Persistent, 2);
        var expected = Expected("5-persistent-es");
        Assert.Equal(windows[0].Lines, expected[..5]);

        using (var pair = new PairState<float>(Persistent, new PairBlock(0, 1)))
        {
            pair.RunWindow(Theta<float>.Initial(Quadratics), new ComputeSlot<float>());
            var view = PairView<float>.Of(Persistent, pair, 0);
            NamedTensor<float>[] tensors =
                [.. view.Sample, .. view.Lanes.SelectMany(lane => lane.Tensors), view.Trail!];
            Assert.Equal($"pair 0: trajectory 1, inner step {view.Truncation.InnerStep} of {view.Truncation.Horizon}", expected[5]);
            Assert.Equal(10, tensors.Length);
            Assert.All(tensors.Zip(expected[6..16]), line => Assert.Matches(
                $@"^  (task |Positive |Negative )?{Regex.Escape($"{line.First}")}$", line.Second));
        }

        Assert.Equal(
            [
                $"inner steps before: {string.Join(' ', windows[1].Before)}",
                $"inner steps after:  {string.Join(' ', windows[1].After)}",
                .. windows[1].Lines,
            ],
            expected[16..23]);

        var steps = new SequentialTrainer<float>(Persistent with { Pairs = 16 }).Run(200).ToArray();
        var theta = steps[^1].State.Theta;
        Assert.Equal(
            [
                $"mean loss: first 20 {steps[..20].Average(step => step.MeanLoss):0.0000}, last 20 "
                    + $"{steps[^20..].Average(step => step.MeanLoss):0.0000}",
                $"theta: {string.Join(' ', theta.Values.ToArray().Select(value => $"{value:0.0000}"))}",
                $"SHA-256 of theta: {theta.HashText()[..16]}..",
            ],
            expected[23..]);
    }

    [Fact]
    public void Documents_quote_what_was_printed()
    {
        var printed = Notebooks().Select(name => string.Join('\n', Expected(name)) + "\n").ToArray();
        var quotes = 0;
        foreach (var document in new[] { Repository.File("docs", "tour.md"), Path.Combine(Folder, "README.md") })
        {
            foreach (Match quote in Quote().Matches(File.ReadAllText(document)))
            {
                quotes++;
                Assert.Contains(printed, output => output.Contains(quote.Groups[1].Value, StringComparison.Ordinal));
            }
        }

        Assert.True(quotes >= 7);
    }

    [Fact]
    public void Each_step_has_the_lines_that_the_table_says_and_at_most_half_as_many_again_as_in_Python()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        foreach (var name in Notebooks())
        {
            var table = readme.Split($"### {name}.cs\n")[1].Split("###")[0];
            var rows = Row().Matches(table).Select(row => (Theirs: row.Groups[1].Value, Ours: int.Parse(row.Groups[2].Value))).ToArray();
            Assert.Equal(Steps(name), rows.Select(row => row.Ours));
            Assert.All(
                rows.Where(row => row.Theirs != "–"), row => Assert.True(2 * row.Ours <= 3 * int.Parse(row.Theirs)));
        }
    }

    private static string[] Notebooks() =>
        [.. Directory.GetFiles(Folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).Order(
            StringComparer.Ordinal)];

    private static string[] Expected(string notebook) =>
        File.ReadAllLines(Path.Combine(Folder, "expected", $"{notebook}.txt"));

    // Lines of code between two comments; directives and imports do not count.
    private static List<int> Steps(string notebook)
    {
        var steps = new List<int>();
        var lines = 0;
        foreach (var line in File.ReadLines(Path.Combine(Folder, $"{notebook}.cs")).Append("//"))
        {
            if (line.StartsWith("//", StringComparison.Ordinal) && lines > 0)
            {
                steps.Add(lines);
                lines = 0;
            }
            else if (line.Length > 0 && !NotCode().IsMatch(line))
            {
                lines++;
            }
        }

        return steps;
    }

    // 200 steps of one task on Fashion-MNIST, horizon 50: its first trajectory counts from a start.
    private static (int[] InnerSteps, double[] Losses) Task(int task, int start)
    {
        var theta = Theta<float>.Initial(Images);
        var thetas = new ArmThetas<float>(theta.Values, 1, theta.Values.Length);
        using var unroll = Images.CreateUnroll(1, ArmSet.CentreOnly);
        var innerSteps = new List<int>();
        var losses = new List<double>();
        for (var trajectory = 0u; losses.Count < 200; trajectory++)
        {
            var key = new TrajectoryKey(0, task, trajectory);
            var first = trajectory == 0 ? start : 0;
            var steps = new StepLoss[50 - first];
            unroll.Reset(0, new Trajectory(key, 50), thetas);
            unroll.Advance([new Segment(0, key, 0, steps.Length, LossTime.BeforeUpdate, 0)], thetas, steps);
            innerSteps.AddRange(Enumerable.Range(first + 1, steps.Length));
            losses.AddRange(steps.Select(step => step.Loss));
        }

        return ([.. innerSteps.Take(200)], [.. losses.Take(200)]);
    }

    // Each pair runs its windows by itself; then the means over the pairs.
    private static WindowNumbers[] Windows(TrainingPlan<float> plan, int count)
    {
        var theta = Theta<float>.Initial(plan.Problem);
        var slot = new ComputeSlot<float>();
        var pairs = Enumerable.Range(0, plan.Pairs).Select(pair =>
        {
            using var state = new PairState<float>(plan, new PairBlock(pair, 1));
            return Enumerable.Range(0, count).Select(_ => state.RunWindow(theta, slot)).ToArray();
        }).ToArray();
        return [.. Enumerable.Range(0, count).Select(window => new WindowNumbers(
            [.. Enumerable.Range(0, theta.Values.Length).Select(
                i => pairs.Average(pair => (double)pair[window].Gradient.Span[i]))],
            pairs.Average(pair => pair[window].Reports[0].MeanLoss),
            [.. pairs.Select(pair => pair[window].Reports[0].InnerStepBefore)],
            [.. pairs.Select(pair => pair[window].Reports[0].InnerStepAfter)]))];
    }

    [GeneratedRegex(@"^```text\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Quote();

    [GeneratedRegex(@"^\| .* \| (\d+|–) \| (\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^(//|#:|using [A-Z][\w.]*;$)")]
    private static partial Regex NotCode();

    private sealed record WindowNumbers(double[] Gradient, double MeanLoss, int[] Before, int[] After)
    {
        public string[] Lines =>
        [
            $"mean loss {MeanLoss:0.0000}",
            $"  d log_lr: {Gradient[0]:0.0000}",
            $"  d log_one_minus_beta1: {Gradient[1]:0.0000}",
            $"  d log_one_minus_beta2: {Gradient[2]:0.0000}",
            $"  d log_epsilon: {Gradient[3]:0.0000}",
        ];
    }
}
