namespace Involute.Tasks.Unrolls;

/// <summary>Devices beside the processor on which inner problems can be computed.</summary>
public interface IProblemDevices
{
    /// <summary>The same problem with unrolls that live on a device: same losses, same saved states.</summary>
    /// <param name="device">Its name, as the configuration has it.</param>
    /// <param name="problem">As the processor computes it.</param>
    /// <exception cref="ProblemDeviceException">There is no such device, or it does not compute this problem.</exception>
    IInnerProblem<float> On(string device, IInnerProblem<float> problem);

    /// <summary>A device in a few words, for a line of a report.</summary>
    /// <param name="device">Its name.</param>
    /// <exception cref="ProblemDeviceException">There is no such device.</exception>
    string Describe(string device);
}
