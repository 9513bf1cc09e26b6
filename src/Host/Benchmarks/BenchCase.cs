namespace Involute.Host.Benchmarks;

/// <summary>Something whose speed <c>involute bench</c> measures.</summary>
/// <param name="Name">As <c>--filter</c> takes it.</param>
/// <param name="Prepare">
/// Makes the work. Called only for cases that are measured: it may load native libraries, and throws what says that
/// they are not there.
/// </param>
internal sealed record BenchCase(string Name, Func<IBenchWork> Prepare)
{
    /// <summary>What one unit of its work is.</summary>
    public BenchUnit Unit { get; init; } = BenchUnit.LaneStep;

    /// <summary>
    /// Nominal floating-point operations of one unit: a multiplication and an addition for each weight and example, and
    /// nothing else; null where they say nothing about the work.
    /// </summary>
    public double? Flops { get; init; }
}

/// <summary>What a case counts.</summary>
internal enum BenchUnit
{
    /// <summary>Inner steps, or updates, of single lanes.</summary>
    LaneStep,

    /// <summary>Turns of a loop that does nothing but multiply and add: the machine's peak.</summary>
    Peak,

    /// <summary>Pieces of memory that are copied.</summary>
    Copy,
}

/// <summary>Work that can be done again and again. Belongs to one thread.</summary>
internal interface IBenchWork : IDisposable
{
    /// <summary>Does some of it: milliseconds, not seconds.</summary>
    /// <returns>How many units it took.</returns>
    int Run();
}

/// <summary>Two cases whose speeds are compared.</summary>
/// <param name="Fast">The one that should be faster.</param>
/// <param name="Slow">The other.</param>
/// <param name="AtLeast">How many times as fast it should be.</param>
internal sealed record BenchRatio(string Fast, string Slow, double AtLeast)
{
    /// <summary>As it is printed.</summary>
    public string Name => $"{Fast} / {Slow}";
}
