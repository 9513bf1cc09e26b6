using Involute.Tasks.Optimizers;

namespace Involute.Tasks.Tests.Optimizers;

/// <summary>Optimizers by name, for tests that go through all of them; with rates at which something happens within a few steps.</summary>
internal static class KnownOptimizers
{
    /// <summary>Those that have a form for a device: all of the program's.</summary>
    public static IReadOnlyList<string> OfDevices { get; } = ["adam", "sgd", "sgdm", "nesterov", "rmsprop", "mlp", "adafac-mlp"];

    /// <summary>One of them, or a variant.</summary>
    public static ILearnedOptimizer Of(string name) => name switch
    {
        "adam" => new LearnableAdam(0.1),
        "sgd" => new LearnableSgd(),
        "sgdm" => new LearnableSgdm(),
        "nesterov" => new LearnableNesterov(),
        "rmsprop" => new LearnableRmsProp(0.05),
        "mlp" => new MlpOptimizer(),
        "mlp-small" => new MlpOptimizer(5, 1, 0.01, 0.1),
        "mlp-linear" => new MlpOptimizer(3, 0, 0.01, 0.1),
        "adafac-mlp" => new AdafacMlpOptimizer(),
        "adafac-mlp-deep" => new AdafacMlpOptimizer(7, 3, 0.01, 0.1),
        _ => throw new ArgumentException(name),
    };

    /// <summary>One that no device has.</summary>
    public sealed class Other : ILearnedOptimizer
    {
        public string Name => "other";

        public ThetaLayout Layout { get; } = new(("theta", []));

        public void InitialTheta(long seed, Span<float> theta) => theta.Clear();

        public int StateLength(IReadOnlyList<TensorSlice> parameters) => 0;

        public void Initialise(IReadOnlyList<TensorSlice> parameters, int horizon, Span<float> state) => state.Clear();

        public void Update(
            ReadOnlySpan<float> theta, IReadOnlyList<TensorSlice> tensors, Span<float> parameters, Span<float> state, ReadOnlySpan<float> gradient)
        {
        }
    }
}
