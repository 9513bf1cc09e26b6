using Involute.Gpu.Driver;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu;

/// <summary>Makes the same problem on a device.</summary>
/// <param name="device">Where.</param>
/// <param name="problem">Any problem.</param>
/// <param name="refusal">Empty where the problem is of another kind; else why the device cannot compute this one.</param>
/// <returns>Null if it cannot.</returns>
internal delegate IInnerProblem<float>? ToDevice(Device device, IInnerProblem<float> problem, out string refusal);

/// <summary>A kind of problems that devices compute.</summary>
/// <param name="Computes">Which ones, in a few words.</param>
/// <param name="On">Makes one.</param>
internal sealed record DeviceProblemKind(string Computes, ToDevice On);
