namespace Involute.Torch.Native;

/// <summary>libtorch cannot be used in this process. The message is one line that says why and what to do.</summary>
public sealed class TorchUnavailableException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public TorchUnavailableException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" "), inner)
    {
    }
}
