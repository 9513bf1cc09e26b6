using Xunit;

namespace Involute.Gpu.Tests.Driver;

/// <summary>Copies and their order.</summary>
public sealed class StreamTests
{
    [Fact]
    public void Fresh_memory_is_zero_and_what_is_cleared_too()
    {
        var device = CpuDevice.OrSkip();
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(1000);
        var bytes = new byte[1000];

        stream.Download<byte>(buffer, 0, bytes);
        Assert.All(bytes, value => Assert.Equal(0, value));
        bytes.AsSpan().Fill(7);
        stream.Upload<byte>(bytes, buffer);
        stream.Clear(buffer, 10, 20);
        stream.Download<byte>(buffer, 0, bytes);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (byte)(i is >= 10 and < 30 ? 0 : 7)), bytes);
    }

    [Fact]
    public void What_was_uploaded_may_be_changed_at_once()
    {
        var device = CpuDevice.OrSkip();
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(3 * sizeof(int));
        var value = new int[1];
        for (var i = 0; i < 3; i++)
        {
            value[0] = i + 1;
            stream.Upload<int>(value, buffer, i * sizeof(int));
        }

        var values = new int[3];
        stream.Download<int>(buffer, 0, values);

        Assert.Equal([1, 2, 3], values);
    }

    [Fact]
    public void Copies_larger_than_the_memory_they_go_through_come_in_parts()
    {
        var device = CpuDevice.OrSkip();
        var numbers = new long[9_000_000];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = i * 0x9E3779B9L;
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(numbers.Length * sizeof(long));
        using var copy = device.Allocate(numbers.Length * sizeof(long));

        stream.Upload<long>(numbers, buffer);
        stream.Copy(buffer, 8, copy, 0, buffer.Bytes - 8);
        var back = new long[numbers.Length];
        stream.Download<long>(copy, 0, back);

        Assert.True(numbers.AsSpan(1).SequenceEqual(back.AsSpan(0, numbers.Length - 1)));
        Assert.Equal(0, back[^1]);
    }

    [Fact]
    public void Parts_outside_of_a_buffer_are_refused()
    {
        var device = CpuDevice.OrSkip();
        using var stream = device.CreateStream();
        using var buffer = device.Allocate(16);

        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Upload<int>([1, 2], buffer, 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Download<int>(buffer, -4, new int[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Clear(buffer, 0, 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate(0));
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Address);
    }

    [Fact]
    public async Task Threads_of_a_pool_share_a_stream()
    {
        var device = CpuDevice.OrSkip();
        using var stream = device.CreateStream();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(
            () =>
            {
                using var buffer = device.Allocate(4096);
                var numbers = Enumerable.Range(n, 1024).ToArray();
                stream.Upload<int>(numbers, buffer);
                var back = new int[1024];
                stream.Download<int>(buffer, 0, back);
                Assert.Equal(numbers, back);
            },
            TestContext.Current.CancellationToken)));
    }
}
