"""Rules of Prometheus and the configuration of Alertmanager, made from the catalogues, the calendar and a plan."""
