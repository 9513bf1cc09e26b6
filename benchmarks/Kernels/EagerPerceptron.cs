using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using static TorchSharp.torch;

namespace Involute.Benchmarks.Kernels;

/// <summary>
/// The perceptron of the default job by torch: the gradient written out by hand, and Adam in place, as fast as single
/// operations go. Its tensors live as long as the process.
/// </summary>
internal sealed class EagerPerceptron
{
    private const float Rate1 = 0.1f;
    private const float Rate2 = 0.001f;
    private const float LearningRate = 1e-3f;
    private const int Inputs = 64;
    private const int Hidden = 32;
    private const int Classes = 10;

    private readonly ImageMlp _task;
    private readonly BatchOrder _order = new();
    private readonly int[] _indices;
    private readonly int _examples;
    private readonly Tensor _images;
    private readonly Tensor _labels;
    private readonly Tensor[] _lanes;

    // A scalar argument of an operation becomes a tensor each time; these are made once.
    private readonly Tensor _share;
    private readonly Tensor _rate1 = tensor(Rate1);
    private readonly Tensor _rate2 = tensor(Rate2);
    private readonly Tensor _root = tensor(1e-8f);

    public EagerPerceptron(ImageMlp task, int arms)
    {
        _task = task;
        _indices = new int[task.BatchSize];
        var split = FashionMnist.Embedded8x8()[DataSplit.Train];
        _examples = split.Count;
        _images = tensor(split.Pixels.ToArray(), ScalarType.Byte).view(_examples, Inputs).to_type(ScalarType.Float32) / 255f;
        _labels = eye(Classes).index_select(0, tensor(split.Labels.ToArray(), ScalarType.Byte).to_type(ScalarType.Int64));
        _share = tensor(1f / task.BatchSize);
        _lanes = [.. Enumerable.Range(0, 3 * arms).Select(_ => zeros(task.ParameterCount))];
    }

    /// <summary>Trains both arms from the trajectory's initial parameters; the last loss.</summary>
    public double Train(TrajectoryKey trajectory, int steps)
    {
        using var none = inference_mode();
        using var scope = NewDisposeScope();
        var initial = new float[_task.ParameterCount];
        _task.Initialise(trajectory, initial);
        var from = tensor(initial);
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (i % 3 == 0)
            {
                _lanes[i].copy_(from);
            }
            else
            {
                _lanes[i].zero_();
            }
        }

        var loss = 0.0;
        var (correction1, correction2) = (0f, 0f);
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            _order.Fill(trajectory.At(step), DataSplit.Train, RandomStream.DataOrder, _examples, _indices);
            var rows = tensor(_indices);
            var (images, labels) = (_images.index_select(0, rows), _labels.index_select(0, rows));
            correction1 += Rate1 * (1 - correction1);
            correction2 += Rate2 * (1 - correction2);
            var (size, inverse) = (tensor(LearningRate / correction1), tensor(1 / correction2));
            for (var lane = 0; lane < _lanes.Length; lane += 3)
            {
                var losses = Step(_lanes[lane], _lanes[lane + 1], _lanes[lane + 2], images, labels, size, inverse);
                loss = step + 1 < steps ? 0 : losses.mean().item<float>();
            }
        }

        return loss;
    }

    private Tensor Step(
        Tensor parameters, Tensor first, Tensor second, Tensor images, Tensor labels, Tensor size, Tensor inverse)
    {
        using var scope = NewDisposeScope();
        var (w0, b0) = (parameters.narrow(0, 0, Inputs * Hidden).view(Inputs, Hidden), parameters.narrow(0, Inputs * Hidden, Hidden));
        var behind = (Inputs + 1) * Hidden;
        var (w1, b1) = (
            parameters.narrow(0, behind, Hidden * Classes).view(Hidden, Classes),
            parameters.narrow(0, behind + (Hidden * Classes), Classes));
        var hidden = images.mm(w0).add_(b0).relu_();
        var logits = hidden.mm(w1).add_(b1);
        logits.sub_(logits.amax([1], keepdim: true));
        var odds = logits.exp();
        var sum = odds.sum(1, keepdim: true);
        var losses = sum.log().sub_((logits * labels).sum(1, keepdim: true));
        var signal = odds.div_(sum).sub_(labels).mul_(_share);
        var below = signal.mm(w1.t()).mul_(hidden.sign());
        var gradient = cat([
            images.t().mm(below).view(-1), below.sum([0L]), hidden.t().mm(signal).view(-1), signal.sum([0L]),
        ]);
        first.add_(gradient.sub(first).mul_(_rate1));
        second.add_(gradient.mul_(gradient).sub_(second).mul_(_rate2));
        parameters.sub_((first * size).div_((second * inverse).add_(_root).sqrt_().add_(_root)));
        return losses.MoveToOuterDisposeScope();
    }
}
