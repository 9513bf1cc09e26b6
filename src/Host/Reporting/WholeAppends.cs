namespace Involute.Host.Reporting;

/// <summary>
/// Appends to a file: every append is one write to the operating system, and what a full disk has taken a part of is removed
/// before the next.
/// </summary>
/// <param name="file">Open for writing at its end, without a buffer in this process. It is disposed of with this.</param>
internal sealed class WholeAppends(FileStream file) : IDisposable
{
    private bool _isTorn;

    /// <summary>Bytes of the file, without one that is torn.</summary>
    public long Length { get; private set; } = file.Length;

    /// <summary>Appends.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was before, or will be at the next
    /// call.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_isTorn)
        {
            file.SetLength(Length);
            file.Seek(0, SeekOrigin.End);
        }

        _isTorn = true;
        file.Write(bytes);
        _isTorn = false;
        Length += bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
