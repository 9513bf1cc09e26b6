using Involute.Gpu.Driver;
using Involute.Gpu.Networks;
using Involute.Gpu.Quadratics;
using Involute.Gpu.Steps;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu;

/// <summary>Which inner problems a device can compute.</summary>
public static class DeviceProblems
{
    private static readonly DeviceProblemKind[] Kinds =
    [
        new(FusedProblem.Computes, FusedProblem.On),
        new($"quadratics by {QuadraticProblem.Optimizers}", QuadraticProblem.On),
        new("step functions written as IPackedStep<float>", TracedProblem.On),
    ];

    /// <summary>The same problem, with unrolls that live on a device: same losses, same states, same bytes saved.</summary>
    /// <param name="device">Where.</param>
    /// <param name="problem">As the CPU computes it.</param>
    /// <param name="refusal">Why the device does not compute it: one line, without the problem's name and the device's.</param>
    /// <returns>Null if the device does not compute it.</returns>
    public static IInnerProblem<float>? On(Device device, IInnerProblem<float> problem, out string refusal)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(problem);
        refusal = "";
        foreach (var kind in Kinds)
        {
            var made = kind.On(device, problem, out var why);
            if (made is not null)
            {
                refusal = "";
                return made;
            }

            // The first kind that says why knows the problem best.
            refusal = refusal.Length > 0 ? refusal : why;
        }

        refusal = refusal.Length > 0 ? refusal : $"a device computes {Computes}";
        return null;
    }

    /// <summary>What devices can compute, for messages and lists.</summary>
    public static string Computes => string.Join("; ", Kinds.Select(kind => kind.Computes));
}
