using System.Collections.Concurrent;
using System.Globalization;
using Involute.Gpu.Driver;
using Involute.Tasks.Unrolls;

namespace Involute.Gpu;

/// <summary>
/// The devices of this machine. Each is opened when it is first asked for, and stays open as long as the process: pair actors come
/// and go, and a card takes its time.
/// </summary>
public sealed class GpuDevices : IProblemDevices
{
    private readonly ConcurrentDictionary<string, Lazy<Device>> _open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IInnerProblem<float> On(string device, IInnerProblem<float> problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var open = Open(device);
        return DeviceProblems.On(open, problem, out var refusal)
            ?? throw new ProblemDeviceException($"device {device} ({open.Model}) does not compute problem {problem.Name}: {refusal}");
    }

    /// <inheritdoc/>
    public string Describe(string device)
    {
        var it = Open(device);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{it.Model}, {it.MemoryBytes / (double)(1L << 30):F1} GiB, {it.Multiprocessors} multiprocessors, capability "
                + $"{it.Capability.Major}.{it.Capability.Minor}, driver of CUDA {it.DriverVersion.Major}.{it.DriverVersion.Minor}");
    }

    /// <summary>
    /// What kernels a device runs, and what it computes: a hash of a short trial, and whether it is the hash of the same trial on the
    /// processor. A device where it is another one would be refused by a run.
    /// </summary>
    /// <param name="device">Its name.</param>
    public string DescribeKernels(string device)
    {
        var (there, here) = (DeviceFingerprint.Of(Open(device)), DeviceFingerprint.OfProcessor());
        return $"kernels in {DeviceModule.Language}, fingerprint {there}, " + (there == here ? "as the processor" : $"the processor's is {here}: a run is refused");
    }

    /// <summary>The names of the devices of this machine, and of those that it might have a line why it has not.</summary>
    public IReadOnlyList<(string Name, string? Absence)> Names()
    {
        var names = new List<(string, string?)> { (DeviceName.Cpu, Absence(DeviceName.Cpu)) };
        var first = $"{DeviceName.CudaPrefix}0";
        if (Absence(first) is { } absence)
            return [.. names, ($"{DeviceName.CudaPrefix}N", absence)];
        return [.. names, .. Enumerable.Range(0, Device.CountCards()).Select(n => $"{DeviceName.CudaPrefix}{n}").Select(name => (name, Absence(name)))];
    }

    private string? Absence(string device)
    {
        try
        {
            Open(device);
            return null;
        }
        catch (ProblemDeviceException absent)
        {
            return absent.Message;
        }
    }

    // One that could not be opened is tried again the next time.
    private Device Open(string device)
    {
        var opening = _open.GetOrAdd(device, name => new Lazy<Device>(() => Device.Open(name)));
        try
        {
            return opening.Value;
        }
        catch (ProblemDeviceException)
        {
            _open.TryRemove(new(device, opening));
            throw;
        }
    }
}
