using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Tasks.Unrolls;

namespace Involute.Runs.Opening;

/// <summary>
/// The plan by which a process computes: the run's own, or the same with its problem on a device, once a trial has shown that the
/// device gives the same numbers.
/// </summary>
internal static class DevicePlan
{
    /// <summary>The plan of a process.</summary>
    /// <param name="plan">As the processor computes it, which decides theta.</param>
    /// <param name="device">As <see cref="GpuOptions.Device"/>.</param>
    /// <exception cref="RunRefusedException">The device is not there, does not compute the problem, or computes something else.</exception>
    /// <exception cref="ProblemDeviceException">It failed.</exception>
    public static TrainingPlan<float> Of(TrainingPlan<float> plan, string device)
    {
        if (device == GpuOptions.NoDevice)
            return plan;
        if (plan.Estimator.Needs.Tangents != TangentSpan.None)
            throw new RunRefusedException($"device {device} does not differentiate unrolls, which {plan.Estimator.Name} needs; allowed: none");
        try
        {
            var there = plan with { Problem = Devices(device).On(device, plan.Problem) };
            return DeviceComparison.FirstDifference(plan, there) is { } difference
                ? throw new RunRefusedException($"device {device} does not give the processor's numbers: {difference}")
                : there;
        }
        catch (ProblemDeviceException refused) when (!refused.HasFailed)
        {
            throw new RunRefusedException(refused.Message);
        }
    }

    /// <summary>A device in a few words; null for none.</summary>
    public static string? Describe(string device) => device == GpuOptions.NoDevice ? null : Devices(device).Describe(device);

    private static IProblemDevices Devices(string device) => KnownDevices.Current
        ?? throw new RunRefusedException($"device {device}: this program knows no devices (KnownDevices.Use); allowed: none");
}
