using System.Globalization;

namespace Involute.Faults;

/// <summary>What a process holds: resident memory, open handles, threads.</summary>
internal sealed record ProcessResources(long MemoryBytes, int Handles, int Threads)
{
    /// <summary>Of a process that runs, from <c>/proc</c>.</summary>
    public static ProcessResources Of(int processId) => new(
        Environment.SystemPageSize * long.Parse(
            File.ReadAllText($"/proc/{processId}/statm").Split(' ')[1], CultureInfo.InvariantCulture),
        Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd").Count(),
        Directory.EnumerateDirectories($"/proc/{processId}/task").Count());

    /// <summary>The median of each number.</summary>
    public static ProcessResources Median(IReadOnlyCollection<ProcessResources> samples) => new(
        Middle(samples.Select(sample => sample.MemoryBytes)),
        (int)Middle(samples.Select(sample => (long)sample.Handles)),
        (int)Middle(samples.Select(sample => (long)sample.Threads)));

    public override string ToString() => $"{MemoryBytes >> 20} MiB, {Handles} handles, {Threads} threads";

    private static long Middle(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
