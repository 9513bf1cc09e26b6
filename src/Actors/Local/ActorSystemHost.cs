using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Involute.Actors.Local;

/// <summary>An actor system of our own, by Akka.Hosting: the one way in which this program makes one.</summary>
internal sealed class ActorSystemHost : IAsyncDisposable
{
    /// <summary>Its name; the same in every process, since a cluster's members must agree on it.</summary>
    public const string Name = "involute";

    private readonly ServiceProvider _services;
    private int _disposed;

    private ActorSystemHost(ServiceProvider services)
    {
        _services = services;
        System = services.GetRequiredService<ActorSystem>();
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>Starts it.</summary>
    /// <param name="config">Its settings, complete.</param>
    /// <param name="actors">What it is made of beside them.</param>
    public static async Task<ActorSystemHost> StartAsync(Config config, Action<AkkaConfigurationBuilder> actors)
    {
        var services = new ServiceCollection()
            .AddSingleton<IHostApplicationLifetime, NoApplication>()
            .AddLogging()
            .AddAkka(Name, akka =>
            {
                akka.AddHocon(config, HoconAddMode.Prepend);
                actors(akka);
            })
            .BuildServiceProvider();
        try
        {
            // Before the service, which would print a trace of what fails here.
            services.GetRequiredService<ActorSystem>();
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StartAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return new ActorSystemHost(services);
        }
        catch
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends it, by Akka's coordinated shutdown.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        await _services.DisposeAsync().ConfigureAwait(false);
    }

    // Akka.Hosting ends its application with the actor system; here the process decides.
    private sealed class NoApplication : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
            // The process that made the run hears of its end through the run.
        }
    }
}
