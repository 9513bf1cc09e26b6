using System.Globalization;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Tests;
using Involute.Torch.Scripts;
using Involute.Torch.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Involute.Torch.Tests.Scripts;

/// <summary>
/// Models that PyTorch itself saved, scripted and traced, with loss and gradient as it computed them in float64:
/// <c>tests/Fixtures/torch-script/make.py</c>.
/// </summary>
public sealed class ScriptsOfPyTorchTests : IDisposable
{
    private static readonly TrajectoryKey Key = new(4, 1, 0);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("conv", ScriptLoss.CrossEntropy)]
    [InlineData("recurrent", ScriptLoss.CrossEntropy)]
    [InlineData("own-loss", ScriptLoss.Model)]
    [InlineData("line", ScriptLoss.SquaredError)]
    public void Loss_and_gradient_are_those_of_PyTorch_in_double(string name, ScriptLoss loss)
    {
        TorchRequired.OrSkip();
        var options = new TorchScriptOptions
        {
            File = Fixture(name + ".pt"),
            Data = Fixture(name + ".npz"),
            Loss = loss,
            BatchSize = 12,
        };
        var task = options.Create();
        var expected = File.ReadLines(Fixture(name + ".txt"))
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        Assert.Equal(expected.Length - 1, parameters.Length);
        task.Initialise(Key, parameters);
        using var batch = task.CreateBatch();
        var gradient = new float[parameters.Length];

        // The second time the interpreter might run another program, and buffers might have changed.
        for (var time = 0; time < 3; time++)
        {
            batch.Prepare(Key.At(3), DataSplit.Train, RandomStream.DataOrder);
            var value = batch.LossAndGradient(parameters, gradient);
            Assert.Equal(expected[0], value, 1e-6 * Math.Abs(expected[0]));
            var distance = Math.Sqrt(gradient.Zip(expected.Skip(1), (a, b) => (a - b) * (a - b)).Sum());
            Assert.InRange(distance, 0, 1e-5 * Math.Sqrt(expected.Skip(1).Sum(slope => slope * slope)));
        }
    }

    [Fact]
    public void The_batch_is_that_of_the_script_which_made_them()
    {
        var rows = ScriptFixtures.RowsOf(Key.At(3), DataSplit.Train, 12);
        var line = File.ReadLines(Fixture("make.py")).Single(line => line.StartsWith("ROWS = ", StringComparison.Ordinal));
        var expected = $"ROWS = [{string.Join(", ", rows)}]";
        Assert.True(line == expected, expected);
    }

    [Fact]
    public void The_sample_learns()
    {
        TorchRequired.OrSkip();
        var task = new TorchScriptOptions { File = Fixture("perceptron.pt"), Data = Fixture("clouds.npz") }.Create();
        Assert.Equal(
            ["0/weight 16,6", "0/bias 16", "2/weight 3,16", "2/bias 3"],
            task.Parameters.Select(slice => $"{slice.Name} {string.Join(',', slice.Shape)}"));
        using var batch = Assert.IsType<IClassificationTask>(task, exactMatch: false).CreateBatch();
        var parameters = new float[task.Parameters.Sum(slice => slice.Length)];
        var gradient = new float[parameters.Length];
        task.Initialise(Key, parameters);
        for (var step = 0; step < 100; step++)
        {
            batch.Prepare(Key.At(step), DataSplit.Train, RandomStream.DataOrder);
            batch.LossAndGradient(parameters, gradient);
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i] -= 0.3f * gradient[i];
            }
        }

        batch.Prepare(Key.At(0), DataSplit.Test, RandomStream.DataOrder);
        Assert.InRange(batch.Accuracy(parameters), 0.75, 1);
    }

    [Fact]
    public void A_model_that_libtorch_saved_again_has_the_same_loss()
    {
        TorchRequired.OrSkip();
        var options = ScriptFixtures.Options(_folder.Path);
        var again = options with { File = _folder.File("again.pt") };
        using (var module = jit.load(options.File))
        {
            jit.save(module, again.File);
        }

        Assert.Equal(ScriptLosses.First(options), ScriptLosses.First(again));
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "torch-script", name);
}
