namespace Involute.Host.Output;

/// <summary>Standard output or standard error: what cannot be written is noted and let go.</summary>
/// <param name="name">For the user.</param>
/// <param name="sink">Takes the bytes, or throws an <see cref="IOException"/>.</param>
/// <param name="pass">Takes what is written, to <see cref="Put"/> it now or later.</param>
internal sealed class StandardStream(string name, Stream sink, Action<StandardStream, ReadOnlyMemory<byte>> pass)
    : WriteOnlyStream
{
    private const int BrokenPipe = 32; // EPIPE

    /// <summary>Why something could not be written, in one line; null if everything could.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether the reader of the stream has had enough of it, as <c>head</c> has.</summary>
    public bool IsUnread { get; private set; }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => pass(this, buffer.ToArray());

    /// <summary>Writes to the sink; the next write is tried again, since a disk may have space by then.</summary>
    /// <returns>The line about it if this is the first that could not be written; else null.</returns>
    public string? Put(ReadOnlySpan<byte> bytes)
    {
        var isFirst = Failure is null;
        try
        {
            sink.Write(bytes);
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            IsUnread = cause.HResult == BrokenPipe;
            Failure ??= $"{name} cannot be written: {cause.Message}";
            return isFirst ? Failure : null;
        }
    }
}
