using Involute.Tasks.Unrolls;

namespace Involute.Gpu.Driver;

/// <summary>
/// A device cannot be had, or a call of its driver failed. The message is one line: device, what was done, CUDA's name of the
/// error and its text.
/// </summary>
public sealed class DeviceException : ProblemDeviceException
{
    private const int NoCode = 0;
    private const int OutOfMemoryCode = 2;

    /// <summary>What says that an argument or a request is wrong, and leaves the device as it was (cuda.h, CUresult): invalid value,
    /// not initialized, no device, invalid device, invalid image, context or handle, no binary, invalid or unsupported PTX, no such
    /// symbol, too many resources for a launch.</summary>
    private static readonly int[] HarmlessCodes = [1, 3, 100, 101, 200, 201, 209, 218, 222, 400, 500, 701, 801];

    /// <summary>An error that no call of the driver gave.</summary>
    /// <param name="message">One line.</param>
    public DeviceException(string message)
        : base(message)
    {
    }

    internal DeviceException(string message, int code)
        : base(message) => Code = code;

    /// <summary>The driver's number of the error (CUresult); 0 if no call of the driver gave it.</summary>
    public int Code { get; }

    /// <inheritdoc/>
    public override bool HasFailed => IsOutOfMemory || IsLost;

    /// <summary>Whether the device has not as much memory as was asked for.</summary>
    public bool IsOutOfMemory => Code == OutOfMemoryCode;

    /// <summary>Whether nothing more can be had of the device in this process: a launch failed, the card fell off its bus, its
    /// memory is broken.</summary>
    public bool IsLost => Code is not NoCode and not OutOfMemoryCode && !HarmlessCodes.Contains(Code);
}
