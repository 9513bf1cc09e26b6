using Akka.Hosting;
using Involute.Actors.Ledger;
using Involute.Actors.Nodes;
using Involute.Runs;
using Involute.Runs.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Involute.Hosting;

/// <summary>Registrations for programs with a generic host.</summary>
public static class InvoluteExtensions
{
    /// <summary>Adds a meta-training run that starts and stops with the host.</summary>
    /// <remarks>
    /// <see cref="TrainingRunService"/> is the run, for who wants to hear of it. It uses the container's actor system
    /// if that was made with <see cref="WithInvolute"/>, else one of its own.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configure">Says what to train and where.</param>
    public static IServiceCollection AddInvolute(this IServiceCollection services, Action<TrainingRunOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TrainingRunOptions();
        configure(options);
        return services.AddInvolute(options);
    }

    /// <summary>The same with options that are made already, as <see cref="WithInvolute"/> takes them.</summary>
    /// <param name="services">The container.</param>
    /// <param name="options">What to train and where.</param>
    public static IServiceCollection AddInvolute(this IServiceCollection services, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        return services
            .AddSingleton(options)
            .AddSingleton<TrainingRunService>()
            .AddHostedService(provider => provider.GetRequiredService<TrainingRunService>());
    }

    /// <summary>Gives an actor system the settings that a run in it needs: its compute threads and its store.</summary>
    /// <param name="akka">The actor system to be.</param>
    /// <param name="options">The run; with a name, since the store's place follows from it.</param>
    /// <exception cref="ArgumentException">The run has no name.</exception>
    public static AkkaConfigurationBuilder WithInvolute(this AkkaConfigurationBuilder akka, TrainingRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(akka);
        ArgumentNullException.ThrowIfNull(options);
        var name = options.Name ?? throw new ArgumentException(
            "a run in a shared actor system needs a name", nameof(options));
        var store = options.Configuration.Store.Create(
            Path.GetFullPath(Path.Combine(options.RunsFolder, name)), new RunId(name));
        return akka
            .AddHocon(NodeDispatcher.Hocon(options.Configuration.ComputeThreads()), HoconAddMode.Prepend)
            .AddHocon(PersistenceHocon.For(store), HoconAddMode.Prepend);
    }
}
