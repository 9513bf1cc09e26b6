namespace Involute.Host.Benchmarks;

/// <summary>Something whose speed <c>involute bench</c> measures.</summary>
/// <param name="Name">As <c>--filter</c> takes it.</param>
/// <param name="Prepare">
/// Makes the work. Called only for cases that are measured: it may load native libraries, and throws what says that
/// they are not there.
/// </param>
internal sealed record BenchCase(string Name, Func<IBenchWork> Prepare);

/// <summary>Work that can be done again and again. Belongs to one thread.</summary>
internal interface IBenchWork : IDisposable
{
    /// <summary>Does some of it: milliseconds, not seconds.</summary>
    /// <returns>Inner steps of lanes, or updates of lanes, that it took.</returns>
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
