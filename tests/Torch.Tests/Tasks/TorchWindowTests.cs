using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Estimators.Tests.Problems;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using Involute.Torch.Tasks;
using Involute.Torch.Tests.Support;
using Involute.Torch.Text;
using Xunit;

namespace Involute.Torch.Tests.Tasks;

/// <summary>
/// Stacked pairs step side by side through a window, wherever their trajectories end: lanes of other trajectories in
/// the same stack change no bit.
/// </summary>
[Trait("Speed", "slow")]
public sealed class TorchWindowTests
{
    private const int Windows = 5;

    public static TheoryData<string, TorchBatching> Problems()
    {
        var table = new TheoryData<string, TorchBatching>();
        foreach (var name in TorchTasks.Names)
        {
            table.Add(name, TorchBatching.Lanes);
            table.Add(name, TorchBatching.Vmap);
        }

        table.Add("torch-mlp", TorchBatching.Loop);
        return table;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void One_call_gives_the_bits_of_one_call_per_round(string task, TorchBatching batching)
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(Whole(task, batching), new LearnableAdam(0.01));
        AssertSame(problem, new PersistentES<float>(), default);
    }

    [Fact]
    public void Diverging_lanes_change_no_bit_of_others()
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(Whole("torch-mlp", TorchBatching.Lanes), new LearnableSgd(1e8));
        var diverged = AssertSame(
            problem, new NoiseReuseES<float>(), LossTime.OnSplitAfterUpdate(DataSplit.OuterValid));
        Assert.InRange(diverged, 4, 30);
    }

    /// <summary>
    /// Where a lane's numbers do not fill whole vectors, sums are rounded otherwise at another place of the stack.
    /// </summary>
    [Theory]
    [InlineData("torch-mlp")]
    [InlineData("autoencoder")]
    [InlineData("vae")]
    public void Odd_sizes_differ_by_roundings(string task)
    {
        TorchRequired.OrSkip();
        var problem = new OptimizedTask(TorchTasks.Of(task), new LearnableAdam(0.01));
        var found = Run(problem, new PersistentES<float>(), default).Reports;
        var expected = Run(new SeenProblem<float>(problem, byRounds: true), new PersistentES<float>(), default).Reports;
        foreach (var (report, other) in found.Zip(expected))
        {
            Assert.Equal(other.MeanLoss, report.MeanLoss, 1e-5 * other.MeanLoss);
            Assert.Equal(other with { MeanLoss = report.MeanLoss }, report);
        }
    }

    // Of sizes with which each lane's tensors begin at a whole vector of sixteen numbers, libtorch's with AVX-512.
    private static TorchTask Whole(string task, TorchBatching batching)
    {
        var data = FashionMnist.Embedded8x8();
        return task switch
        {
            "torch-mlp" => new TorchMlp(data, 16, 16, batching),
            "autoencoder" or "vae" => new Autoencoder(task == "vae", data, 16, 16, 16, batching),
            "gru-lm" or "lstm-lm" => new RecurrentLm(task == "lstm-lm", ByteText.Embedded(), 8, 8, 7, 4, batching),
            _ => TorchTasks.Of(task, batching),
        };
    }

    private static int AssertSame(OptimizedTask problem, IGradientEstimator<float> estimator, LossTime time)
    {
        var whole = new SeenProblem<float>(problem, byRounds: false);
        var rounds = new SeenProblem<float>(problem, byRounds: true);
        var (expected, found) = (Run(rounds, estimator, time), Run(whole, estimator, time));
        Assert.Equal(expected.Reports, found.Reports);
        Assert.Equal(expected.State, found.State);
        Assert.Equal((Windows, Windows * 6), (whole.Calls, whole.Chain));
        Assert.True(rounds.Chain > whole.Chain * 5 / 4, $"{rounds.Chain} steps in rounds");
        return found.Reports.Sum(report => report.DivergedArms);
    }

    private static (List<PairReport> Reports, byte[] State) Run(
        IInnerProblem<float> problem, IGradientEstimator<float> estimator, LossTime time)
    {
        var plan = new TrainingPlan<float>(
            problem, estimator, new GaussianNoise<float>(0.1), new LogUniformSchedule(3, 12),
            new WindowSettings(2, 6, 12, LossTime: time), new MetaSgd<float>(0.1), Pairs: 4, PairsPerActor: 4);
        var (slot, theta) = (new ComputeSlot<float>(), OuterState<float>.Initial(plan).Theta);
        using var pairs = new PairState<float>(plan, new PairBlock(0, 4));
        var reports = new List<PairReport>();
        for (var window = 0; window < Windows; window++)
        {
            reports.AddRange(pairs.RunWindow(new Theta<float>(new ThetaVersion(window), theta.Values), slot).Reports);
        }

        return (reports, pairs.Save());
    }
}
