namespace Involute.Host.Benchmarks;

/// <summary>Copies a block that is larger than the caches: bytes read and written.</summary>
internal sealed class MemoryWork : IBenchWork
{
    /// <summary>Bytes that one unit of the work moves.</summary>
    public const double BytesPerUnit = 2.0 * Part;

    private const int Part = 1 << 20;
    private const int Parts = 64;

    private byte[] _from = new byte[Part * Parts];
    private byte[] _to = new byte[Part * Parts];

    /// <inheritdoc/>
    public int Run()
    {
        _from.AsSpan().CopyTo(_to);
        (_from, _to) = (_to, _from);
        return Parts;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
