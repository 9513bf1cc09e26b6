using BenchmarkDotNet.Attributes;
using Involute.Tasks.Images;
using Involute.Tasks.Numerics;
using Involute.Tasks.Optimizers;
using Involute.Torch.Optimizers;
using static TorchSharp.torch;

namespace Involute.Benchmarks.Kernels;

/// <summary>One update of the perceptron's 2,410 parameters by a learned optimizer with a network in it.</summary>
public class NetworkUpdate
{
    private ILearnedOptimizer _optimizer = new MlpOptimizer();
    private ImageMlp _task = ImageMlp.FashionMnist8Relu32();
    private float[] _theta = [];
    private AlignedBuffer? _parameters;
    private AlignedBuffer? _state;
    private AlignedBuffer? _gradient;
    private IStackedOptimizer? _eager;
    private Tensor[] _tensors = [];

    [Params("mlp", "adafac-mlp")]
    public string Optimizer { get; set; } = "mlp";

    [GlobalSetup]
    public void Begin()
    {
        _optimizer = Optimizer == "mlp" ? new MlpOptimizer() : new AdafacMlpOptimizer();
        _task = ImageMlp.FashionMnist8Relu32();
        _theta = new float[_optimizer.Layout.Length];
        _optimizer.InitialTheta(0, _theta);
        var count = AlignedBuffer.Padded(_task.ParameterCount);
        (_parameters, _gradient) = (new AlignedBuffer(count), new AlignedBuffer(count));
        _state = new AlignedBuffer(AlignedBuffer.Padded(_optimizer.StateLength(_task.Parameters)));
        _optimizer.Initialise(_task.Parameters, horizon: 1000, _state.Span);
        for (var i = 0; i < _task.ParameterCount; i++)
        {
            _gradient.Span[i] = 1e-3f * ((i % 37) - 18.5f);
        }

        _eager = StackedOptimizers.Of(_optimizer, _task.Parameters)!;
        _tensors =
        [
            tensor(_theta).view(1, -1), zeros(1, _task.ParameterCount), tensor(_state.Span.ToArray()).view(1, -1),
            tensor(_gradient.Span[.._task.ParameterCount].ToArray()).view(1, -1),
        ];
        for (var i = 0; i < 10; i++)
        {
            Eager();
            Kernels();
        }

        var theirs = _tensors[1].data<float>();
        for (var i = 0; i < _task.ParameterCount; i++)
        {
            if (Math.Abs(theirs[i] - _parameters.Span[i]) > 1e-6)
            {
                throw new InvalidOperationException($"parameter {i} is {_parameters.Span[i]} and {theirs[i]}");
            }
        }
    }

    [GlobalCleanup]
    public void End()
    {
        _parameters?.Dispose();
        _state?.Dispose();
        _gradient?.Dispose();
    }

    /// <summary>By torch's operations, without a graph.</summary>
    [Benchmark(Baseline = true)]
    public void Eager()
    {
        using var none = inference_mode();
        using var scope = NewDisposeScope();
        var (parameters, state) = _eager!.Step(_tensors[0], _tensors[1], _tensors[2], _tensors[3]);
        _tensors[1].copy_(parameters);
        _tensors[2].copy_(state);
    }

    [Benchmark]
    public void Kernels() =>
        _optimizer.Update(_theta, _task.Parameters, _parameters!.Span, _state!.Span, _gradient!.Span);
}
