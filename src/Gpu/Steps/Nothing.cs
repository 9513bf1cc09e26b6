using Involute.Tasks.Numbers;

namespace Involute.Gpu.Steps;

/// <summary>A number without a value, of which nothing is computed.</summary>
internal readonly struct Nothing : ILaneNumber<Nothing, float>
{
    /// <inheritdoc/>
    public static Nothing Constant(float value) => default;

    /// <inheritdoc/>
    public static Nothing OfLanes(ReadOnlySpan<float> values) => default;

    /// <inheritdoc/>
    public static Nothing Exp(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Log(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Sqrt(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Abs(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Sin(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Cos(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing Tanh(Nothing x) => default;

    /// <inheritdoc/>
    public static Nothing IfLess(Nothing left, Nothing right, Nothing then, Nothing otherwise) => default;

    /// <inheritdoc/>
    public static Nothing operator +(Nothing left, Nothing right) => default;

    /// <inheritdoc/>
    public static Nothing operator -(Nothing left, Nothing right) => default;

    /// <inheritdoc/>
    public static Nothing operator *(Nothing left, Nothing right) => default;

    /// <inheritdoc/>
    public static Nothing operator /(Nothing left, Nothing right) => default;

    /// <inheritdoc/>
    public static Nothing operator -(Nothing value) => default;
}
