using Involute.Tasks;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Numerics;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Tasks;
using static TorchSharp.torch;

namespace Involute.Torch.Scripts;

/// <summary>A TorchScript model on a user's examples.</summary>
internal class ScriptTask : TorchTask
{
    // Uniform losses are ln C; half as much again counts as the worst, as for the built-in classifiers.
    private const double ClassifierCeiling = 1.5;

    // Ten times the loss of the best constant, as for the built-in regression.
    private const double RegressionCeiling = 10;

    // Standard deviation of a normal number truncated at two.
    private const double TruncatedDeviation = 0.8796256610342398;

    private readonly ScriptModel _model;
    private readonly Examples _examples;
    private readonly ScriptLoss _loss;
    private readonly ScriptStart _start;
    private readonly int _batchSize;
    private readonly double _unit;
    private readonly Dictionary<string, InitialValues> _moments;

    /// <summary>A model on examples that fit it: <see cref="ScriptCheck"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">Inputs and targets.</param>
    /// <param name="loss">What its output is measured by.</param>
    /// <param name="start">How a trajectory begins.</param>
    /// <param name="batchSize">Examples of an inner step; at most those of the smallest split.</param>
    /// <param name="classes">Number of classes; without meaning for other losses.</param>
    public ScriptTask(
        ScriptModel model, Examples examples, ScriptLoss loss, ScriptStart start, int batchSize, int classes)
        : base("torch-script", model.Shapes, TorchBatching.Loop)
    {
        (_model, _examples, _loss, _start, _batchSize) = (model, examples, loss, start, batchSize);
        _moments = model.Shapes.Zip(model.Values).ToDictionary(pair => pair.First.Name, pair => MomentsOf(pair.Second));
        _unit = loss == ScriptLoss.SquaredError ? ConstantLoss(examples) : 1;
        CeilingLoss = loss switch
        {
            ScriptLoss.CrossEntropy => ClassifierCeiling * PortableMath.Log(classes),
            ScriptLoss.SquaredError => RegressionCeiling,
            _ => Losses.UnboundedCeiling,
        };
    }

    /// <summary>
    /// 1.5 ln C for C classes; 10 for the squared error, which is measured in that of the best constant; of a loss that
    /// the model computes 1e30.
    /// </summary>
    public sealed override double CeilingLoss { get; }

    /// <inheritdoc/>
    internal sealed override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public sealed override BatchDraw Draws => new(_batchSize);

    /// <inheritdoc/>
    public sealed override double Normalize(double loss) => _loss == ScriptLoss.Model ? base.Normalize(loss)
        : double.IsNaN(loss) ? CeilingLoss
        : Math.Clamp(loss / _unit, 0, CeilingLoss);

    /// <inheritdoc/>
    public sealed override int BatchesPerEpoch(DataSplit split) =>
        BatchOrder.BatchesPerEpoch(_examples.Count(split), _batchSize, split);

    /// <inheritdoc/>
    public sealed override void Initialise(TrajectoryKey trajectory, Span<float> parameters)
    {
        if (_start == ScriptStart.Redrawn)
        {
            base.Initialise(trajectory, parameters);
            return;
        }

        foreach (var (slice, values) in Parameters.Zip(_model.Values))
        {
            values.CopyTo(parameters[slice.Offset..]);
        }
    }

    /// <inheritdoc/>
    public sealed override void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals) =>
        shuffling.Fill(key, split, order, _examples.Count(split), indices);

    /// <inheritdoc/>
    public sealed override Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split) =>
        _examples.Pick(indices, split);

    /// <inheritdoc/>
    public sealed override Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch)
    {
        var output = Output(parameters, batch[0], batch.Count > 1 ? batch[1] : null);
        return LossOf(_loss, output, batch);
    }

    /// <summary>What the model returns.</summary>
    /// <param name="parameters">Of a lane.</param>
    /// <param name="inputs">Its first argument.</param>
    /// <param name="targets">Its second one, for a loss of its own; null for none.</param>
    public Tensor Output(IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor? targets)
    {
        var held = _model.Rent();
        held.Set(parameters);
        var output = Run(held.Module, _loss, inputs, targets);
        _model.Return(held);
        return output;
    }

    /// <summary>Runs a model.</summary>
    /// <exception cref="InvalidCastException">It returns something else than a tensor.</exception>
    public static Tensor Run(jit.ScriptModule module, ScriptLoss loss, Tensor inputs, Tensor? targets)
    {
        ScriptInterpreter.BePlain();
        var output = loss == ScriptLoss.Model && targets is not null
            ? module.forward(inputs, targets)
            : module.forward(inputs);

        // TorchSharp passes handles on, and does not keep what they belong to alive.
        GC.KeepAlive(inputs);
        GC.KeepAlive(targets);
        return output as Tensor ?? throw new InvalidCastException(
            "its forward returns "
                + (output is null ? "nothing" : output is TorchSharp.Scalar ? "a number" : "several values"));
    }

    /// <summary>The mean loss over a batch.</summary>
    public static Tensor LossOf(ScriptLoss loss, Tensor output, IReadOnlyList<Tensor> batch) => loss switch
    {
        ScriptLoss.CrossEntropy => LaneOps.SingleCrossEntropy(
            output.reshape(-1, output.shape[^1]), batch[1].reshape(-1)),
        ScriptLoss.SquaredError => output.sub(batch[1]).square().mean(),
        _ => output,
    };

    /// <inheritdoc/>
    internal sealed override Tensor SingleLossAndGradient(Tensor parameters, Tensor[] batch, Tensor gradient)
    {
        var held = _model.Rent();
        var loss = held.LossAndGradient(
            this, parameters,
            module => LossOf(_loss, Run(module, _loss, batch[0], batch.Length > 1 ? batch[1] : null), batch), gradient);
        _model.Return(held);
        return loss;
    }

    /// <summary>Moments of the tensor's values in the file.</summary>
    /// <inheritdoc/>
    protected sealed override InitialValues InitialOf(TensorSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return _moments[slice.Name];
    }

    private static InitialValues MomentsOf(float[] values)
    {
        // What is constant is told by its ends: rounding gives its deviation as tiny, not as 0.
        if (values.Min() == values.Max())
        {
            return new InitialValues(values[0], 0);
        }

        var mean = values.Average(value => (double)value);
        var variance = values.Average(value => (value - mean) * (value - mean));
        return new InitialValues(mean, Math.Sqrt(variance) / TruncatedDeviation);
    }

    // Of a model that answers each target's mean over the training examples.
    private static double ConstantLoss(Examples examples)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var targets = examples.TargetsOf(DataSplit.Train).to_type(ScalarType.Float64);
        var loss = targets.sub(targets.mean([0], keepdim: true)).square().mean().data<double>()[0];
        return loss > 0 ? loss : 1;
    }
}
