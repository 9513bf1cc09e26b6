using Involute.Tasks;

namespace Involute.Processes.Frames;

/// <summary>What a child says of its problem.</summary>
internal sealed class ChildGreeting
{
    /// <summary>The longest state of a lane, in bytes.</summary>
    public const int MostStateBytes = 1 << 30;

    /// <summary>Describes a problem.</summary>
    /// <param name="tensors">Theta.</param>
    /// <param name="initial">Its initial value.</param>
    public ChildGreeting(IReadOnlyList<ThetaTensor> tensors, float[] initial)
    {
        Tensors = tensors;
        Initial = initial;
        Layout = new ThetaLayout([.. tensors.Select(tensor => (tensor.Name, tensor.Shape))]);
    }

    /// <summary>Name of the problem.</summary>
    public required string Name { get; init; }

    /// <summary>Names, shapes and units of theta.</summary>
    public IReadOnlyList<ThetaTensor> Tensors { get; }

    /// <summary>The same as offsets in the flat vector.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>The initial value of theta.</summary>
    public float[] Initial { get; }

    /// <summary>Bytes of a lane's state; with <see cref="StateVaries"/> at most.</summary>
    public required int StateBytes { get; init; }

    /// <summary>Whether states differ in length.</summary>
    public required bool StateVaries { get; init; }

    /// <summary>What a larger loss counts as, and each step of a lane that has diverged.</summary>
    public required double Ceiling { get; init; }

    /// <summary>Lanes of a call, at most.</summary>
    public required int Lanes { get; init; }

    /// <summary>Whether the child answers <see cref="FrameKind.Evaluate"/>.</summary>
    public required bool Evaluates { get; init; }

    /// <summary>What computes.</summary>
    public required string About { get; init; }

    /// <summary>In what another child of the same command differs: a word for a message; null if in nothing.</summary>
    public string? DifferenceFrom(ChildGreeting first)
    {
        ArgumentNullException.ThrowIfNull(first);
        return Name != first.Name ? "name"
            : !Tensors.SequenceEqual(first.Tensors) ? "theta"
            : !Initial.AsSpan().SequenceEqual(first.Initial) ? "initial"
            : StateBytes != first.StateBytes ? "stateBytes"
            : StateVaries != first.StateVaries ? "stateVaries"
            : Ceiling != first.Ceiling ? "ceiling"
            : Lanes != first.Lanes ? "lanes"
            : Evaluates != first.Evaluates ? "evaluates"
            : About != first.About ? "about"
            : null;
    }
}
