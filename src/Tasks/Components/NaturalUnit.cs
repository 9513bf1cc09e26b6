using Involute.Tasks.Numerics;

namespace Involute.Tasks.Components;

/// <summary>
/// What a tensor of theta is to a person, where theta holds a transform of it. The tensor's name tells: <c>log_x</c>
/// holds ln x, <c>log_one_minus_x</c> holds ln(1 − x), and <c>log_lr</c> is the logarithm of a learning rate.
/// </summary>
public sealed class NaturalUnit
{
    private const string OneMinusLogarithm = "log_one_minus_";
    private const string Logarithm = "log_";
    private const string LearningRate = "learning_rate";

    private NaturalUnit(string name, bool isNearOne) => (Name, IsNearOne) = (name, isNearOne);

    /// <summary>Its name: <c>learning_rate</c>, <c>beta1</c>; with the path that the tensor's name has.</summary>
    public string Name { get; }

    /// <summary>Whether its values are 1 − a small number, as those of a momentum are.</summary>
    public bool IsNearOne { get; }

    /// <summary>The unit of a tensor; null where theta holds the natural value itself.</summary>
    /// <param name="tensor">The tensor's name.</param>
    public static NaturalUnit? Of(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var start = tensor.LastIndexOf('/') + 1;
        var (path, name) = (tensor[..start], tensor[start..]);
        return name switch
        {
            _ when IsLonger(name, OneMinusLogarithm) => new(path + name[OneMinusLogarithm.Length..], isNearOne: true),
            Logarithm + "lr" => new(path + LearningRate, isNearOne: false),
            _ when IsLonger(name, Logarithm) => new(path + name[Logarithm.Length..], isNearOne: false),
            _ => null,
        };
    }

    /// <summary>The natural value of a value of theta.</summary>
    public double Value(double theta) => IsNearOne ? 1 - PortableMath.Exp(theta) : PortableMath.Exp(theta);

    private static bool IsLonger(string name, string prefix) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal);
}
