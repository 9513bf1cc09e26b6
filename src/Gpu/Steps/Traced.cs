using Involute.Tasks.Numbers;

namespace Involute.Gpu.Steps;

/// <summary>A number that has no value yet: its place in <see cref="Trace.Current"/>.</summary>
/// <param name="Place">Index of its node.</param>
internal readonly record struct Traced(int Place) : ILaneNumber<Traced, float>
{
    /// <inheritdoc/>
    public static Traced Constant(float value) =>
        Of(new TraceNode(Operation.Constant, Index: BitConverter.SingleToUInt32Bits(value)));

    /// <inheritdoc/>
    public static Traced OfLanes(ReadOnlySpan<float> values) => values.Length == 1
        ? Constant(values[0])
        : throw new TraceException("it gives each lane a number of its own; a device takes those from LaneKeys.Of");

    /// <inheritdoc/>
    public static Traced Exp(Traced x) => Of(Operation.Exp, x);

    /// <inheritdoc/>
    public static Traced Log(Traced x) => Of(Operation.Log, x);

    /// <inheritdoc/>
    public static Traced Sqrt(Traced x) => Of(Operation.Sqrt, x);

    /// <inheritdoc/>
    public static Traced Abs(Traced x) => Of(Operation.Abs, x);

    /// <inheritdoc/>
    public static Traced Sin(Traced x) => Of(Operation.Sin, x);

    /// <inheritdoc/>
    public static Traced Cos(Traced x) => Of(Operation.Cos, x);

    /// <inheritdoc/>
    public static Traced Tanh(Traced x) => Of(Operation.Tanh, x);

    /// <inheritdoc/>
    public static Traced IfLess(Traced left, Traced right, Traced then, Traced otherwise) =>
        Of(new TraceNode(Operation.IfLess, left.Place, right.Place, then.Place, otherwise.Place));

    /// <inheritdoc/>
    public static Traced operator +(Traced left, Traced right) => Of(Operation.Add, left, right);

    /// <inheritdoc/>
    public static Traced operator -(Traced left, Traced right) => Of(Operation.Subtract, left, right);

    /// <inheritdoc/>
    public static Traced operator *(Traced left, Traced right) => Of(Operation.Multiply, left, right);

    /// <inheritdoc/>
    public static Traced operator /(Traced left, Traced right) => Of(Operation.Divide, left, right);

    /// <inheritdoc/>
    public static Traced operator -(Traced value) => Of(Operation.Negate, value);

    /// <summary>The number that a node stands for.</summary>
    public static Traced Of(TraceNode node) => new(Trace.Current.Place(node));

    private static Traced Of(Operation operation, Traced a, Traced b = default) =>
        Of(new TraceNode(operation, a.Place, b.Place));
}
