namespace Involute.Tasks.Unrolls;

/// <summary>
/// A device cannot be had, does not compute a problem, or failed while it computed: this process cannot compute on it, another one
/// may. The message is one line that names the device.
/// </summary>
/// <param name="message">One line.</param>
public class ProblemDeviceException(string message) : Exception(message)
{
    /// <summary>Whether a device that was there has failed, or has too little memory left.</summary>
    public virtual bool HasFailed => false;
}
