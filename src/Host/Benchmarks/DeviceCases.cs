using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>
/// What <c>involute bench --device</c> measures: windows of one pair actor on a device, by the clock on the wall, uploads and
/// read-back included.
/// </summary>
internal static class DeviceCases
{
    private const int Window = 50;

    /// <summary>The cases of a device.</summary>
    /// <param name="devices">Opens it.</param>
    /// <param name="device">Its name.</param>
    public static IReadOnlyList<BenchCase> Of(IProblemDevices devices, string device)
    {
        return
        [
            .. Cases("mlp-64-32-10-b128-adam", () => OnPerceptron(new LearnableAdam(0.01)), 16, 512, 4096),
            .. Cases("mlplopt-on-mlp-64-32-10", () => OnPerceptron(new MlpOptimizer()), 512),
            .. Cases("adafac-on-mlp-64-32-10", () => OnPerceptron(new AdafacMlpOptimizer()), 512),
            .. Cases("quadratic-10-adam", OnQuadratic, 256, 16_384, 131_072),
            .. Cases("step-function-packed", () => new StepProblem<float>(new RoomStep()), 64, 16_384),
        ];

        IEnumerable<BenchCase> Cases(string name, Func<IInnerProblem<float>> problem, params int[] pairs) => pairs.Select(
            count => new BenchCase(
                $"{device}-{name}-{count}-pairs", () => new WindowWork(devices.On(device, problem()), count, Window)));
    }

    private static OptimizedTask OnPerceptron(ILearnedOptimizer optimizer) => new(ImageMlp.FashionMnist8Relu32(), optimizer);

    private static OptimizedTask OnQuadratic() => new(new FixedDimQuadraticFamily(10), new LearnableAdam(0.01));
}
