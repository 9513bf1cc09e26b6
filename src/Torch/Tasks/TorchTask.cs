using Involute.Tasks;
using Involute.Tasks.Components;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Involute.Torch.Batching;
using Involute.Torch.Native;
using Involute.Torch.Optimizers;
using static TorchSharp.torch;

namespace Involute.Torch.Tasks;

/// <summary>An inner problem whose loss is written in TorchSharp, for one lane.</summary>
/// <remarks>
/// <para>
/// All that is random is drawn on the host from keys (<see cref="Draw"/>), so a resumed run goes on with the same bits;
/// the device only gathers (<see cref="Gather"/>). torch's own random numbers in a loss would make a run that cannot be
/// repeated.
/// </para>
/// <para>Immutable and shared between threads. docs/torch.md shows one in 30 lines, and the traps.</para>
/// </remarks>
public abstract class TorchTask : IInnerTask
{
    private readonly Lazy<TorchBatching> _resolved;

    /// <summary>A task with these inner parameters.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="parameters">Names and shapes.</param>
    /// <param name="batching">How lanes are computed side by side.</param>
    /// <exception cref="ArgumentException">No tensor, a repeated name, or a size below 1.</exception>
    protected TorchTask(
        string name, IReadOnlyList<(string Name, int[] Shape)> parameters, TorchBatching batching = TorchBatching.Auto)
    {
        Name = name;
        Parameters = ThetaLayout.LayOut(parameters);
        Batching = batching;
        _resolved = new(Resolve);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSlice> Parameters { get; }

    /// <summary>As asked for.</summary>
    public TorchBatching Batching { get; }

    /// <summary>What is used: never <see cref="TorchBatching.Auto"/>. Loads libtorch.</summary>
    /// <exception cref="TorchUnavailableException">libtorch cannot be loaded, or has no vmap.</exception>
    /// <exception cref="InvalidOperationException">Lanes were asked for, and the task has no loss for them.</exception>
    public TorchBatching ResolvedBatching => _resolved.Value;

    /// <summary>Where it computes; set before anything is computed.</summary>
    internal TorchPlace Place { get; set; } = TorchPlace.Host;

    /// <inheritdoc/>
    public virtual double CeilingLoss => Involute.Tasks.Unrolls.Losses.UnboundedCeiling;

    /// <inheritdoc/>
    public string Arithmetic => TorchRuntime.ArithmeticOf(Place.Device);

    /// <inheritdoc/>
    public virtual double StackingGain => 1;

    /// <summary>How many numbers a batch is drawn from.</summary>
    public abstract BatchDraw Draws { get; }

    /// <summary>Whether <see cref="LaneLosses"/> is written.</summary>
    public virtual bool HasLaneLosses => false;

    /// <summary>Whether autograd sees how the loss depends on the parameters that it is given, not on copies.</summary>
    internal virtual bool IsDifferentiable => true;

    /// <inheritdoc/>
    public virtual double Normalize(double loss) => Involute.Tasks.Unrolls.Losses.Clip(loss, CeilingLoss);

    /// <inheritdoc/>
    public virtual int BatchesPerEpoch(DataSplit split) => 1;

    /// <inheritdoc/>
    /// <remarks>
    /// As <see cref="InitialOf"/> says. Random number i of the stream belongs to element i of the flat vector.
    /// </remarks>
    public virtual void Initialise(TrajectoryKey trajectory, Span<float> parameters)
    {
        var stream = trajectory.Stream(RandomStream.ParameterInitialisation);
        foreach (var slice in Parameters)
        {
            var (constant, scale) = InitialOf(slice);
            for (var i = slice.Offset; i < slice.Offset + slice.Length; i++)
            {
                parameters[i] = (float)(scale == 0
                    ? constant
                    : constant + (scale * TruncatedNormal.Quantile(stream.Uniform((uint)i))));
            }
        }
    }

    /// <summary>
    /// Draws the numbers of one step's batch. Called from one thread at a time for each <paramref name="shuffling"/>.
    /// </summary>
    /// <param name="key">Trajectory and step. The same key gives the same numbers.</param>
    /// <param name="split">Part of the data.</param>
    /// <param name="order">Which shuffling: training, meta-loss or evaluation.</param>
    /// <param name="shuffling">Draws examples without repetition within an epoch; belongs to this call.</param>
    /// <param name="indices">As long as <see cref="Draws"/> says.</param>
    /// <param name="normals">As long as <see cref="Draws"/> says; fill it with a stream of <paramref
    /// name="key"/>.</param>
    public abstract void Draw(
        StepKey key, DataSplit split, RandomStream order, BatchOrder shuffling, Span<int> indices, Span<float> normals);

    /// <summary>Makes batches from drawn numbers.</summary>
    /// <param name="indices">int32 [pairs, <see cref="BatchDraw.Indices"/>].</param>
    /// <param name="normals">float32 [pairs, <see cref="BatchDraw.Normals"/>].</param>
    /// <param name="split">Part of the data.</param>
    /// <remarks>The numbers are on the device that the task computes on; what is made from them must be there too.</remarks>
    /// <returns>Tensors [pairs, …]: what <see cref="Loss"/> gets, with a leading dimension.</returns>
    public abstract Tensor[] Gather(Tensor indices, Tensor normals, DataSplit split);

    /// <summary>The mean loss over the batch, of one lane.</summary>
    /// <param name="parameters">In the order and of the shapes of <see cref="Parameters"/>.</param>
    /// <param name="batch">What <see cref="Gather"/> made, without the leading dimension.</param>
    /// <returns>float32 scalar.</returns>
    public abstract Tensor Loss(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch);

    /// <summary>
    /// The mean loss of each lane, for tasks that write it so (<see cref="HasLaneLosses"/>): faster than vmap.
    /// </summary>
    /// <param name="parameters">Each [lanes, …].</param>
    /// <param name="batch">Each [lanes, …].</param>
    /// <returns>float32 [lanes]. Lane i depends on lane i of the arguments alone.</returns>
    /// <exception cref="NotSupportedException">It is not written.</exception>
    public virtual Tensor LaneLosses(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> batch) =>
        throw new NotSupportedException($"{Name} has no loss with a leading dimension for the lanes");

    /// <inheritdoc/>
    public virtual ITaskBatch CreateBatch() => new TorchBatch(this);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(OptimizedTask problem, int pairs, ArmSet arms) =>
        Place.UpdatesByTorch ? new DeviceUnroll(this, problem, pairs, arms) : new TorchUnroll(this, problem, pairs, arms);

    /// <inheritdoc/>
    public OptionProblem? RefusalOf(ILearnedOptimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return !Place.UpdatesByTorch || StackedOptimizers.Of(optimizer, Parameters) is not null
            ? null
            : new OptionProblem(
                "name", $"{optimizer.Name} has no form for torch, which updates all lanes with this device and unroll",
                $"{StackedOptimizers.Names}; or involute.torch {{ device = cpu, unroll = host }}");
    }

    /// <summary>Loss and gradient of one lane.</summary>
    /// <param name="parameters">Flat, at least as many as the task has.</param>
    /// <param name="batch">Without the leading dimension.</param>
    /// <param name="gradient">As <paramref name="parameters"/>; receives the gradient.</param>
    /// <returns>A scalar, detached; in the scope of the caller.</returns>
    internal virtual Tensor SingleLossAndGradient(Tensor parameters, Tensor[] batch, Tensor gradient)
    {
        var leaves = LaneGradients.Leaves(this, parameters);
        var loss = Loss(leaves, batch);
        loss.backward(inputs: leaves);
        LaneGradients.Store(this, leaves, gradient);
        return loss.detach();
    }

    /// <summary>
    /// How a tensor begins. By default matrices [inputs, outputs] and kernels [outputs, inputs, rows, columns] are
    /// scaled by 1 / √inputs, tensors whose name ends in <c>gain</c> are 1, and all else is 0.
    /// </summary>
    /// <param name="slice">Name and shape.</param>
    protected virtual InitialValues InitialOf(TensorSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var inputs = slice.Shape.Count switch { < 2 => 0, 2 => slice.Shape[0], _ => slice.Length / slice.Shape[0] };
        return inputs > 0 ? new InitialValues(0, 1 / Math.Sqrt(inputs))
            : new InitialValues(slice.Name.EndsWith("gain", StringComparison.Ordinal) ? 1 : 0, 0);
    }

    private TorchBatching Resolve()
    {
        TorchRuntime.Ensure();
        return Batching switch
        {
            TorchBatching.Lanes when !HasLaneLosses => throw new InvalidOperationException(
                $"{Name} has no loss with a leading dimension for the lanes; allowed: auto, vmap, loop"),
            TorchBatching.Vmap when !Vmap.IsSupported => throw new TorchUnavailableException(
                "this libtorch has no vmap that can be called; allowed: auto, lanes, loop"),
            TorchBatching.Auto when HasLaneLosses => TorchBatching.Lanes,
            TorchBatching.Auto => Vmap.IsSupported ? TorchBatching.Vmap : TorchBatching.Loop,
            var asked => asked,
        };
    }
}
