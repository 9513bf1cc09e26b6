using Involute.Processes.Children;
using Involute.Processes.Frames;
using Involute.Tasks;
using Involute.Tasks.Unrolls;

namespace Involute.Processes.Problems;

/// <summary>An inner problem that another program computes; see docs/problem-protocol.md.</summary>
internal sealed class ProcessProblem : IInnerProblem<float>, IProblemVoice, IDisposable
{
    private readonly ChildVoice _voice = new();
    private readonly ChildPool _children;
    private readonly ChildGreeting _greeting;

    /// <summary>Starts the first child, which says what the problem is.</summary>
    /// <exception cref="ProcessException">It fails.</exception>
    public ProcessProblem(ChildSettings settings)
    {
        _children = new ChildPool(settings, _voice);
        _greeting = _children.Greet();
    }

    /// <inheritdoc/>
    public event Action<ProblemLine>? Said
    {
        add => _voice.Said += value;
        remove => _voice.Said -= value;
    }

    /// <inheritdoc/>
    public string Name => _greeting.Name;

    /// <inheritdoc/>
    public bool IsForeign => true;

    /// <inheritdoc/>
    public void BeginAnew() => _children.EndIdle();

    /// <inheritdoc/>
    public ThetaLayout Layout => _greeting.Layout;

    /// <inheritdoc/>
    public double CeilingLoss => _greeting.Ceiling;

    /// <inheritdoc/>
    public string Arithmetic => _greeting.About;

    /// <inheritdoc/>
    public void InitialTheta(long seed, Span<float> theta) => _greeting.Initial.CopyTo(theta);

    /// <inheritdoc/>
    public double Normalize(double loss) => Losses.Clip(loss, CeilingLoss);

    /// <inheritdoc/>
    public void Normalize(ReadOnlySpan<StepLoss> losses, Span<double> normalised) =>
        Losses.Clip(losses, CeilingLoss, normalised);

    /// <inheritdoc/>
    public IUnroll<float> CreateUnroll(int pairs, ArmSet arms) => new ProcessUnroll(_greeting, _children, pairs, arms);

    /// <summary>Ends the children.</summary>
    public void Dispose() => _children.Dispose();
}
