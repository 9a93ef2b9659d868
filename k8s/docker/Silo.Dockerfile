# syntax=docker/dockerfile:1
# The silo, which is also the embedded shape and kms-admin. From the root of the repository:
#   docker build --file k8s/docker/Silo.Dockerfile --target silo --tag orleans-kms-silo:0.1.0 .
#   docker build --file k8s/docker/Silo.Dockerfile --target silo-softhsm --tag orleans-kms-silo-softhsm:0.1.0 .

FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Silo/Silo.csproj --configuration Release --output /publish -p:UseAppHost=false -p:RunAnalyzers=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble AS silo
# No debugger and no dump reads the memory of a process that holds keys.
ENV DOTNET_EnableDiagnostics=0
WORKDIR /app
COPY --from=build /publish .
COPY --chmod=0755 k8s/docker/kms-admin /usr/local/bin/kms-admin
# The user of the base image, 1654.
USER $APP_UID
ENTRYPOINT ["dotnet", "/app/Orleans.Kms.Silo.dll"]

FROM silo AS silo-softhsm
USER root
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libsofthsm2 \
    && rm -rf /var/lib/apt/lists/*
USER $APP_UID
